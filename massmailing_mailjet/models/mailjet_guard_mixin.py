from odoo import api, models


class MailjetGuardMixin(models.AbstractModel):
    """Makes ``readonly`` of a field mean what it says.

    Odoo takes it for a hint to the screens, and lets whoever may write a record write
    all of its fields over RPC. Here, only the code of the add-on writes a read-only
    field, with elevated rights. Users cannot: not by a form, a drag in a calendar or a
    kanban, an import or a copy, and not by defaults of their own or in a context.
    """

    _name = "mailjet.guard.mixin"
    _description = "Fields that users cannot change"

    @api.model
    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        return allowed and not (operation == "write" and self._is_guarded(field))

    @api.model
    def _is_guarded(self, field):
        """Return whether the user is kept from writing a field."""
        return field.readonly and not self.env.su

    @api.model
    def default_get(self, fields):
        """Give guarded fields the defaults of the code, and no others."""
        guarded = [name for name in fields if self._is_guarded(self._fields[name])]
        others = [name for name in fields if name not in guarded]
        values = super(MailjetGuardMixin, self._without_defaults()).default_get(others)
        defaults = {name: self._fields[name].default for name in guarded}
        return values | {
            name: default(self) for name, default in defaults.items() if default
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Create records as if no action had a default for guarded fields in its
        context: those of other add-ons have some, meant for models of theirs."""
        clean = self._without_defaults()
        return super(MailjetGuardMixin, clean).create(vals_list).with_env(self.env)

    @api.model
    def _without_defaults(self):
        """Return the model without defaults for guarded fields in its context."""
        context = {
            key: value
            for key, value in self.env.context.items()
            if not self._is_default_of_guarded(key)
        }
        return self.with_env(self.env(context=context))

    @api.model
    def _is_default_of_guarded(self, key):
        if not key.startswith("default_"):
            return False
        field = self._fields.get(key.removeprefix("default_"))
        return bool(field) and self._is_guarded(field)

    def copy_data(self, default=None):
        """Leave out what the copying user could not write."""
        return [
            {
                name: value
                for name, value in vals.items()
                if not self._is_guarded(self._fields[name])
            }
            for vals in super().copy_data(default=default)
        ]
