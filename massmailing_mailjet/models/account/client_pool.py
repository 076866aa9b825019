"""The Mailjet clients of one run of a job."""

from contextlib import ExitStack


class ClientPool(ExitStack):
    """One client for each account, made when it is first asked for and closed at the
    end: making one costs a reading of all the machine's certificates, and a connection
    that is used again costs no farewell and no greeting.
    """

    def __init__(self):
        super().__init__()
        self._clients = {}

    def get(self, account):
        """Return the client of an account.

        :raise UserError: when its keys or its address cannot be used
        """
        if account.id not in self._clients:
            self._clients[account.id] = self.enter_context(account._client())
        return self._clients[account.id]
