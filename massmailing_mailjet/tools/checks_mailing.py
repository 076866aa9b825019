"""Checks of what surrounds an email: its details, its recipients and its sending.
Each takes plain values and yields what it finds."""

import re

from .finding import amber, red
from .link_outcomes import WELL
from .variables import TOKEN

# Phones show about half of it.
SUBJECT_LENGTH = 78
# A variable in the subject is taken to be as long as a name.
NAME = "Xxxxxxxx"
# Letters of a word that is written in capitals to be heard.
SHOUTED_LETTERS = 8
EXCLAMATIONS = re.compile(r"[!?¡¿]{2,}")

DNS_WELL = "ok"


def check_topic(is_chosen):
    """Do recipients know which topic they would leave?"""
    if not is_chosen:
        yield red("no_topic")


def check_details(texts, reply_fault):
    """Is everything there that no email goes without?

    :param dict texts: what has to be filled in, by code
    :param str reply_fault: what keeps the address for answers from being one, in a
        sentence; empty otherwise
    """
    for code, text in texts.items():
        if not (text or "").strip():
            yield red(f"no_{code}")
    if reply_fault:
        yield red("reply_malformed", reason=reply_fault)


def check_subject(subject):
    """Is the subject one that people read?"""
    subject = (subject or "").strip()
    if not subject:
        yield red("no_subject")
        return
    words = TOKEN.sub(" ", subject)
    if not re.search(r"\w", words):
        yield amber("subject_only_variable", subject=subject)
    length = len(TOKEN.sub(NAME, subject))
    if length > SUBJECT_LENGTH:
        yield amber("subject_long", length=length)
    letters = [sign for sign in words if sign.isalpha()]
    capitals = [sign for sign in letters if sign.isupper()]
    shouts = len(letters) >= SHOUTED_LETTERS and 2 * len(capitals) > len(letters)
    if shouts or EXCLAMATIONS.search(words):
        yield amber("subject_shouting", subject=subject)


def check_preview(preview):
    """Is there a text for beside the subject?"""
    if not (preview or "").strip():
        yield amber("no_preview")


def check_company_details(words, name, address):
    """Does the email say who sends it, where there is no block that does?

    :param str words: the visible text
    :param address: the parts of the company's address; empty ones are in no email
    """
    text = words.casefold()
    if not all(part and part.strip().casefold() in text for part in (name, *address)):
        yield amber("no_company_details", company=name)


def check_company_data(name, missing):
    """Has the company what the block at the end of the email is made of?

    :param list missing: the labels of empty fields
    """
    if missing:
        yield amber("company_incomplete", company=name, fields=missing)


def check_sender(email, is_allowed):
    """Does Mailjet send from this address?"""
    if email and not is_allowed:
        yield red("sender_inactive", email=email)


def check_domain(domain, spf, dkim, what=""):
    """Does the sender's domain declare that Mailjet sends for it?

    :param str spf: state of the record, as in ``DNS_STATUSES``; empty when it is
        not known
    :param str what: tells it from the domains of other senders
    """
    if not domain or spf == dkim == DNS_WELL:
        return
    if not (spf or dkim):
        yield amber("domain_unknown", what, domain=domain)
        return
    records = {"SPF": spf, "DKIM": dkim}
    wanting = [name for name, state in records.items() if state != DNS_WELL]
    yield amber("domain_unverified", what, domain=domain, records=wanting)


def check_salespersons(own, refused, without):
    """Does a mailing from the salespersons come from them?

    :param int own: number of salespersons whose address Mailjet allows
    :param dict refused: number of emails by the name of a salesperson whose address it
        does not allow
    :param int without: number of emails to recipients without a salesperson
    """
    if refused:
        names, count = sorted(refused), sum(refused.values())
        yield amber("salespersons_refused", names=names, count=count)
    elif not own:
        yield amber("no_salespersons", count=without)


def check_recipients(loaded, planned):
    """Is there anybody to write to?"""
    if not loaded:
        yield red("no_recipients")
    elif not planned:
        yield red("none_planned", loaded=loaded)


def check_empty_values(counts):
    """Has everybody a value for what is written without a text for empty values?

    :param dict counts: rows to send without one, by variable
    """
    for variable, count in sorted(counts.items()):
        if count:
            token = variable.token
            example = f"{token[:-1]}|…$"
            yield amber("value_empty", token, token=token, count=count, example=example)


def check_languages(counts, own):
    """Is there a version in the language of each recipient?

    :param dict counts: rows to send without one, by the name of the language
    :param str own: the name of the language of the mailing itself
    """
    if count := sum(counts.values()):
        languages = sorted(counts, key=lambda name: (-counts[name], name))
        yield amber("no_version", count=count, languages=languages, own=own)


def check_measuring(count):
    """Is nobody measured who may not be?

    :param int count: rows to send that may not be measured, but would be
    """
    if count:
        yield red("not_measurable", count=count)


def check_asking(is_measured):
    """Is a mailing that asks for permission to measure not measured itself?"""
    if is_measured:
        yield red("asking_measured")


def check_measuring_account(account, email, is_allowed, is_tracked):
    """Can the account without tracking send to those who may not be measured?

    :param str account: its name
    :param str email: the sender
    :param bool is_allowed: whether the sender is validated there
    :param bool is_tracked: whether Mailjet tracked its last campaign all the same
    """
    if email and not is_allowed:
        yield red("unmeasured_sender", account=account, email=email)
    if is_tracked:
        yield red("tracking_reaches", account=account)


def check_quota(planned, limit, remaining, what=""):
    """Are there as many emails left this month? No limit, no question.

    :param str what: tells it from the quotas of other accounts
    """
    if limit and planned > remaining:
        yield red("quota", what, planned=planned, remaining=max(0, remaining))


def check_date(date, now):
    """Is the hour still to come? No date means at once."""
    if date and date <= now:
        yield red("date_past")


def check_test(tested, content):
    """Has somebody seen the email as it is now?

    :param str tested: fingerprint of what the last test showed; empty without one
    :param str content: fingerprint of what would be sent
    """
    if not tested:
        yield amber("not_tested", content=content)
    elif tested != content:
        yield amber("tested_before", content=content)


def check_answers(outcomes):
    """Did the links open?

    :param dict outcomes: of :mod:`.link_checker`, by URL
    """
    by_outcome = {}
    for url, outcome in sorted(outcomes.items()):
        by_outcome.setdefault(outcome, []).append(url)
    for outcome, urls in by_outcome.items():
        if outcome != WELL:
            yield amber(f"answers_{outcome}", count=len(urls), urls=urls)
