"""The messages of the checks of measuring, see :mod:`.check_messages`."""

from odoo.tools.translate import LazyTranslate

from ..counting import Counted

_lt = LazyTranslate(__name__)

MEASURING = {
    "not_measurable": (
        Counted(
            _lt(
                "%(count)s recipient may not be measured, but Mailjet tracks openings "
                "and clicks."
            ),
            _lt(
                "%(count)s recipients may not be measured, but Mailjet tracks openings "
                "and clicks."
            ),
        ),
        _lt(
            "Switch tracking off at Mailjet and say so on the Mailjet account; or add "
            "a second key with tracking off as its account without tracking; or "
            "choose another rule in the settings; or deselect these recipients."
        ),
    ),
    "unmeasured_sender": (
        _lt("The account without tracking, “%(account)s”, cannot send from %(email)s."),
        _lt("Add the sender at Mailjet for that key, then synchronize the account."),
    ),
    "tracking_reaches": (
        _lt(
            "Mailjet tracked the last campaign of “%(account)s”, although tracking "
            "should be off there."
        ),
        _lt(
            "Switch it off in the account settings at Mailjet, then confirm it on the "
            "page Health."
        ),
    ),
}

ASKING_MESSAGES = {
    "asking_measured": (
        _lt(
            "This mailing asks for permission to measure and must not be measured "
            "itself, but Mailjet tracks openings and clicks."
        ),
        _lt(
            "Switch tracking off at Mailjet and say so on the Mailjet account; or add "
            "a second key with tracking off as its account without tracking."
        ),
    ),
    "no_question": (
        _lt("The content of this email no longer leads to the question."),
        _lt(
            "Give a button or a link in it the address [[PREFERENCES_LINK]]#measuring: "
            "recipients answer on their preference page."
        ),
    ),
}
