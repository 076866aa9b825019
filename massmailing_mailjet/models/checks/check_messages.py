"""What the checks before a sending say: for each code of a finding a sentence, and what
to do. The values of the finding are filled in."""

from odoo.tools.translate import LazyTranslate

_lt = LazyTranslate(__name__)

DETAILS = {
    "no_subject": (_lt("The subject is missing."), _lt("Enter a subject.")),
    "no_sender_email": (
        _lt("The sender's address is missing."),
        _lt("Choose the sender's address."),
    ),
    "no_sender_name": (
        _lt("The alias is missing."),
        _lt("Enter the alias that recipients see."),
    ),
    "no_online_version_text": (
        _lt("The link to the online version has no text."),
        _lt("Enter the text of the online version."),
    ),
    "no_unsubscribe_text": (
        _lt("The unsubscribe link has no text."),
        _lt("Enter the text of the unsubscribe link."),
    ),
    "reply_malformed": (
        _lt("The reply address is not valid. %(reason)s"),
        _lt("Correct the reply address, or leave it empty."),
    ),
    "sender_inactive": (
        _lt("Mailjet does not send from %(email)s any more."),
        _lt("Choose an active sender, or have this one activated at Mailjet."),
    ),
    "domain_unknown": (
        _lt("It is not known yet whether Mailjet may send for the domain %(domain)s."),
        _lt("A manager finds out by “Synchronise” on the Mailjet account."),
    ),
    "domain_unverified": (
        _lt(
            "The domain %(domain)s does not confirm that Mailjet sends for it: "
            "%(records)s."
        ),
        _lt(
            "Many mailboxes will take the e-mail for spam. Have the records added to "
            "the domain as Mailjet shows them, then synchronise the Mailjet account."
        ),
    ),
    "subject_long": (
        _lt("The subject is long: %(length)s characters."),
        _lt("Mailboxes cut it. Put what matters first, or shorten it."),
    ),
    "subject_shouting": (
        _lt("The subject shouts: “%(subject)s”."),
        _lt("Spam filters mind. Write it in small letters, with one mark at most."),
    ),
    "subject_only_variable": (
        _lt("The subject has no words of its own, only a variable."),
        _lt("Add a few words that are the same for everybody."),
    ),
}

CONTENT = {
    "no_preview": (
        _lt("The preview text is missing."),
        _lt("Mailboxes show it beside the subject; else they take the first words."),
    ),
    "body_empty": (_lt("The e-mail is empty: compose it first."), ""),
    "body_conditional": (
        _lt(
            "A block of the e-mail is visible for some recipients only, or holds a "
            "field of Odoo. Mailjet knows neither."
        ),
        _lt("Remove the condition, and use variables such as $contacts-firstname$."),
    ),
    "variables_unknown": (
        _lt("No variable of this name exists: %(tokens)s."),
        _lt("Correct the name, or ask a manager to add the variable."),
    ),
    "variables_hidden": (
        _lt("The responsible, or you, may not read these variables: %(tokens)s."),
        _lt("Remove them, or choose a responsible who may read them."),
    ),
    "unsubscribe_missing": (
        _lt("The e-mail has no link to unsubscribe."),
        _lt(
            "Make the unsubscribe variable the address of a link, or remove it: then "
            "the link is added at the end."
        ),
    ),
    "unsubscribe_hidden": (
        _lt("The link to unsubscribe cannot be seen."),
        _lt("Give it a text, in a size and a colour that show."),
    ),
    "links_unsafe": (
        _lt("Links that no mailbox opens: %(urls)s."),
        _lt("Use addresses of web pages, with https:// in front."),
    ),
    "links_malformed": (
        _lt("Links with an address that is not complete: %(urls)s."),
        _lt("Write the whole address, with https:// in front."),
    ),
    "links_private": (
        _lt("Links that only work in your own network: %(urls)s."),
        _lt("Use an address that recipients can reach."),
    ),
    "links_nowhere": (
        _lt("Links without an address: %(texts)s."),
        _lt("Enter where they lead, or remove the links."),
    ),
    "images_without_text": (
        _lt("Images without an alternative text: %(names)s."),
        _lt("Describe them for readers whose mailbox shows no images."),
    ),
    "images_inline": (
        _lt("Images that are part of the e-mail's code: %(names)s."),
        _lt("Many mailboxes do not show them. Upload them instead."),
    ),
    "images_private": (
        _lt("Images that only show in your own network: %(names)s."),
        _lt("Put them where recipients can reach them."),
    ),
    "images_relative": (
        _lt("Images with an address that is not complete: %(names)s."),
        _lt("Write the whole address, with https:// in front."),
    ),
    "too_large": (
        _lt("The e-mail is large: %(size)s kB."),
        _lt("Gmail cuts after 102 kB, the unsubscribe link with it. Shorten it."),
    ),
    "text_empty": (
        _lt("The plain text says nothing."),
        _lt("Write a few words of text, for mailboxes and readers without images."),
    ),
    "template_language": (
        _lt(
            "The code of another program's template would be read as it is: "
            "%(snippets)s."
        ),
        _lt("Use variables such as $contacts-firstname$ instead."),
    ),
    "placeholder_text": (
        _lt("Text that was to be replaced is still there: %(texts)s."),
        _lt("Replace it by your own."),
    ),
    "placeholder_links": (
        _lt("Links that lead to an example: %(urls)s."),
        _lt("Replace them by your own."),
    ),
}

RECIPIENTS = {
    "no_recipients": (
        _lt("There are no recipients yet."),
        _lt("Load the recipients first."),
    ),
    "none_planned": (
        _lt("None of the rows loaded can be mailed."),
        _lt("The column “Reason” tells why."),
    ),
    "value_empty": (
        _lt("%(token)s is empty for %(count)s recipients: they read nothing there."),
        _lt("Add a text for empty values, as in %(example)s, or complete the records."),
    ),
}

SENDING = {
    "quota": (
        _lt(
            "%(planned)s e-mails are planned, but only %(remaining)s remain this month."
        ),
        _lt(
            "Untick recipients, or raise your plan at Mailjet and the limit in the "
            "Mailjet account."
        ),
    ),
    "date_past": (
        _lt("This hour has passed."),
        _lt("Choose a date and time in the future."),
    ),
    "not_tested": (
        _lt("No test e-mail was sent."),
        _lt("Send one to yourself and look at it in your mailbox."),
    ),
    "tested_before": (
        _lt("The e-mail was changed after the last test."),
        _lt("Send another test and look at it in your mailbox."),
    ),
    "answers_gone": (
        _lt("Links to pages that do not exist: %(urls)s."),
        _lt("Open them, and correct the addresses."),
    ),
    "answers_no_host": (
        _lt("Links to a site that does not exist: %(urls)s."),
        _lt("Look for a slip in the site's name."),
    ),
    "answers_broken": (
        _lt("Links to pages that do not work: %(urls)s."),
        _lt("Open them to see what is wrong."),
    ),
    "answers_bad_certificate": (
        _lt("Links to a site whose certificate is not valid: %(urls)s."),
        _lt("Browsers warn of it. Open them to see what is wrong."),
    ),
    "answers_no_answer": (
        _lt("Links to a site that does not answer: %(urls)s."),
        _lt("Open them, and check them again."),
    ),
    "answers_refused": (
        _lt("Links that lead on into a private network: %(urls)s."),
        _lt("Recipients cannot follow there. Use another address."),
    ),
}

SENTENCES = DETAILS | CONTENT | RECIPIENTS | SENDING
