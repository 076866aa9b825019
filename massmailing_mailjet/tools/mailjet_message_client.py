"""The call that sends single messages, such as tests."""

from ..exceptions import MailjetRefusedError


class MessageCalls:
    """A part of :class:`~.mailjet_client.MailjetClient`, by its methods alone."""

    def send_messages(self, messages):
        """Send up to 50 single messages and return one result for each, in order:
        ``{"Status": "success", …}`` or ``{"Status": "error", "Errors": […]}``.

        A refused message does not stop the others, though Mailjet then answers
        HTTP 400. https://dev.mailjet.com/email/guides/send-api-v31/
        """
        try:
            answer = self._call(self._v31.send.create, data={"Messages": messages})
        except MailjetRefusedError as error:
            answer = error.answer
            if not isinstance(answer, dict) or "Messages" not in answer:
                raise
        return self._part(answer, "Messages")
