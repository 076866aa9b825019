from odoo import api, models


class MailjetGuardMixin(models.AbstractModel):
    """Enforces ``readonly`` of fields on the server.

    To Odoo it is a hint for the views only: anyone with write access to a record may
    write all of its fields over RPC. Here, only the add-on's own code writes a
    read-only field, with elevated rights. Users cannot: not with a form, a drag in a
    calendar or a kanban, an import or a copy, and not with defaults of their own or in
    a context.
    """

    _name = "mailjet.guard.mixin"
    _description = "Fields that users cannot change"

    @api.model
    def _has_field_access(self, field, operation):
        allowed = super()._has_field_access(field, operation)
        return allowed and not (operation == "write" and self._is_guarded(field))

    @api.model
    def _is_guarded(self, field):
        """Return whether the user may not write a field."""
        return field.readonly and not self.env.su

    @api.model
    def default_get(self, fields):
        """Give guarded fields the defaults of the code only."""
        guarded = [name for name in fields if self._is_guarded(self._fields[name])]
        others = [name for name in fields if name not in guarded]
        values = super(MailjetGuardMixin, self._without_defaults()).default_get(others)
        defaults = {name: self._fields[name].default for name in guarded}
        return values | {
            name: default(self) for name, default in defaults.items() if default
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Create records without the context's defaults for guarded fields: actions of
        other add-ons may have some, meant for their own models."""
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
        """Leave out the fields that the copying user cannot write."""
        return [
            {
                name: value
                for name, value in vals.items()
                if not self._is_guarded(self._fields[name])
            }
            for vals in super().copy_data(default=default)
        ]
