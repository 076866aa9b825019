"""The messages of the checks before a send: for each code of a finding what is wrong,
and what to do. The values of the finding are filled in."""

from odoo.tools.translate import LazyTranslate

from ..counting import Counted

_lt = LazyTranslate(__name__)

DETAILS = {
    "no_topic": (
        _lt("The topic is missing."),
        _lt("Choose the topic of this mailing."),
    ),
    "no_subject": (_lt("The subject is missing."), _lt("Enter a subject.")),
    "no_sender_email": (
        _lt("The sender address is missing."),
        _lt("Choose the sender address."),
    ),
    "no_sender_name": (
        _lt("The sender name is missing."),
        _lt("Enter the sender name that recipients see."),
    ),
    "no_online_version_text": (
        _lt("The link to the online version has no text."),
        _lt("Enter the text of the link to the online version."),
    ),
    "no_unsubscribe_text": (
        _lt("The unsubscribe link has no text."),
        _lt("Enter the text of the unsubscribe link."),
    ),
    "reply_malformed": (
        _lt("The reply address is not valid. %(reason)s"),
        _lt("Correct the reply address or leave it empty."),
    ),
    "sender_inactive": (
        _lt("Mailjet no longer sends from %(email)s."),
        _lt("Choose an active sender or have this one activated at Mailjet."),
    ),
    "domain_unknown": (
        _lt("It is not known yet whether Mailjet may send for the domain %(domain)s."),
        _lt("A manager can check this with “Synchronize” on the Mailjet account."),
    ),
    "domain_unverified": (
        _lt(
            "The domain %(domain)s does not confirm that Mailjet may send for it: "
            "%(records)s."
        ),
        _lt(
            "Many mailboxes will treat the email as spam. Have the DNS records added "
            "to the domain as Mailjet shows them, then synchronize the Mailjet "
            "account."
        ),
    ),
    "salespersons_refused": (
        Counted(
            _lt(
                "Mailjet does not allow the addresses of some salespersons: "
                "%(names)s. %(count)s email comes from the mailing's own sender."
            ),
            _lt(
                "Mailjet does not allow the addresses of some salespersons: "
                "%(names)s. %(count)s emails come from the mailing's own sender."
            ),
        ),
        _lt(
            "Replies go to the salespersons all the same. To send from their "
            "addresses, add these or their domain as senders at Mailjet, then "
            "synchronize the Mailjet account."
        ),
    ),
    "no_salespersons": (
        _lt(
            "None of the recipients has a salesperson with an email address: all "
            "emails come from the mailing's own sender."
        ),
        _lt("Assign salespersons to the records, or switch the option off."),
    ),
    "subject_long": (
        _lt("The subject is long: %(length)s characters."),
        _lt("Mailboxes truncate it. Put what matters first, or shorten it."),
    ),
    "subject_shouting": (
        _lt(
            "The subject is in capitals or has too many exclamation marks: "
            "“%(subject)s”."
        ),
        _lt(
            "May trigger spam filters. Use lowercase letters and at most one "
            "exclamation mark."
        ),
    ),
    "no_company_details": (
        _lt("The email does not state the name and address of %(company)s."),
        _lt(
            "In your company's country, emails have to say who sends them. Switch on "
            "“Company details at the end of the email”."
        ),
    ),
    "company_incomplete": (
        _lt("Details of %(company)s are missing at the end of the email: %(fields)s."),
        _lt("An administrator can enter them in the form of the company."),
    ),
    "subject_only_variable": (
        _lt("The subject contains no words, only a variable."),
        _lt("Add a few words that are the same for every recipient."),
    ),
}

CONTENT = {
    "no_preview": (
        _lt("The preview text is missing."),
        _lt(
            "Mailboxes show it next to the subject. Without it, they show the first "
            "words of the email."
        ),
    ),
    "body_empty": (_lt("The email is empty. Compose it first."), ""),
    "body_conditional": (
        _lt(
            "A block of the email is visible only to some recipients or contains an "
            "Odoo field. Mailjet supports neither."
        ),
        _lt("Remove the condition and use variables such as $contacts-firstname$."),
    ),
    "variables_unknown": (
        _lt("Unknown variables: %(tokens)s."),
        _lt("Correct the names, or ask a manager to add the variables."),
    ),
    "variables_hidden": (
        _lt("You or the person responsible cannot read these variables: %(tokens)s."),
        _lt("Remove them, or choose a responsible person who can read them."),
    ),
    "unsubscribe_missing": (
        _lt("The email has no unsubscribe link."),
        _lt(
            "Use the unsubscribe variable as the address of a link, or remove it: "
            "the link is then added at the end."
        ),
    ),
    "unsubscribe_hidden": (
        _lt("The unsubscribe link is not visible."),
        _lt("Give it a text with a visible size and color."),
    ),
    "links_unsafe": (
        _lt("Links that no mailbox opens: %(urls)s."),
        _lt("Use web page addresses that start with https://."),
    ),
    "links_malformed": (
        _lt("Links with an incomplete address: %(urls)s."),
        _lt("Enter the complete address, starting with https://."),
    ),
    "links_private": (
        _lt("Links that work only in your own network: %(urls)s."),
        _lt("Use an address that recipients can reach."),
    ),
    "links_nowhere": (
        _lt("Links without an address: %(texts)s."),
        _lt("Enter their addresses, or remove the links."),
    ),
    "links_nowhere_images": (
        Counted(
            _lt("%(count)s image or icon is a link without an address."),
            _lt("%(count)s images or icons are links without an address."),
        ),
        _lt("Enter their addresses, or remove the links."),
    ),
    "images_without_text": (
        _lt("Images without alternative text: %(names)s."),
        _lt("Describe them for readers whose mailbox does not show images."),
    ),
    "images_inline": (
        _lt("Images embedded in the email's code: %(names)s."),
        _lt("Many mailboxes do not show them. Upload them instead."),
    ),
    "images_private": (
        _lt("Images that are visible only in your own network: %(names)s."),
        _lt("Host them where recipients can reach them."),
    ),
    "images_relative": (
        _lt("Images with an incomplete address: %(names)s."),
        _lt("Enter the complete address, starting with https://."),
    ),
    "too_large": (
        _lt("The email is large: %(size)s kB."),
        _lt(
            "Gmail clips messages over 102 kB, including the unsubscribe link. "
            "Shorten the email."
        ),
    ),
    "text_empty": (
        _lt("The plain text is empty."),
        _lt("Write a few words of text for mailboxes and readers without images."),
    ),
    "template_language": (
        _lt(
            "Code of another program's template would be shown as it is: %(snippets)s."
        ),
        _lt("Use variables such as $contacts-firstname$ instead."),
    ),
    "placeholder_text": (
        _lt("Placeholder text is still there: %(texts)s."),
        _lt("Replace it with your own."),
    ),
    "placeholder_images": (
        _lt("Sample images are still there: %(names)s."),
        _lt("Replace them with your own, or remove them."),
    ),
    "placeholder_links": (
        _lt("Placeholder links: %(urls)s."),
        _lt("Replace them with your own."),
    ),
}

RECIPIENTS = {
    "no_recipients": (
        _lt("There are no recipients yet."),
        _lt("Load the recipients first."),
    ),
    "none_planned": (
        _lt("None of the loaded recipients can be mailed."),
        _lt("The “Reason” column shows why."),
    ),
    "no_version": (
        Counted(
            _lt(
                "%(count)s recipient speaks a language that this mailing has no "
                "version in (%(languages)s), and gets it in %(own)s."
            ),
            _lt(
                "%(count)s recipients speak languages that this mailing has no "
                "version in (%(languages)s), and get it in %(own)s."
            ),
        ),
        _lt("Add a version in their language, or accept."),
    ),
    "value_empty": (
        Counted(
            _lt("%(count)s recipient has no value for %(token)s; it will be blank."),
            _lt("%(count)s recipients have no value for %(token)s; it will be blank."),
        ),
        _lt("Add a fallback text, as in %(example)s, or complete the records."),
    ),
}

SENDING = {
    "quota": (
        _lt(
            "This mailing exceeds the monthly email limit (planned: %(planned)s, "
            "remaining: %(remaining)s)."
        ),
        _lt(
            "Deselect recipients, or upgrade your plan at Mailjet and raise the "
            "limit in the Mailjet account."
        ),
    ),
    "date_past": (
        _lt("This time has passed."),
        _lt("Choose a date and time in the future."),
    ),
    "not_tested": (
        _lt("No test email was sent."),
        _lt("Send one to yourself and check it in your mailbox."),
    ),
    "tested_before": (
        _lt("The email was changed after the last test."),
        _lt("Send another test and check it in your mailbox."),
    ),
    "answers_gone": (
        _lt("Links to pages that do not exist: %(urls)s."),
        _lt("Open the links and correct the addresses."),
    ),
    "answers_no_host": (
        _lt("Links to a site that does not exist: %(urls)s."),
        _lt("Check the spelling of the site's name."),
    ),
    "answers_broken": (
        _lt("Links to pages that do not work: %(urls)s."),
        _lt("Open the links to see what is wrong."),
    ),
    "answers_bad_certificate": (
        _lt("Links to a site whose certificate is not valid: %(urls)s."),
        _lt("Browsers warn about them. Open the links to see what is wrong."),
    ),
    "answers_no_answer": (
        _lt("Links to a site that does not answer: %(urls)s."),
        _lt("Open the links, then check them again."),
    ),
    "answers_refused": (
        _lt("Links that redirect into a private network: %(urls)s."),
        _lt("Recipients cannot open them. Use another address."),
    ),
}

SENTENCES = DETAILS | CONTENT | RECIPIENTS | SENDING
