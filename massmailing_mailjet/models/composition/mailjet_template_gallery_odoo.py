from odoo import api, models
from odoo.fields import Domain

from ...tools.odoo_expression import Value
from ...tools.odoo_template import convert_html, convert_text
from ...tools.template_preview import ConversionReport, TemplatePreview

# Models whose templates are about a possible recipient.
TEMPLATE_MODELS = ("res.partner", "crm.lead")
# The field types that a constant may have.
CONSTANT_TYPES = ("char", "text", "html", "integer")


class MailjetGalleryOdoo(models.AbstractModel):
    """Odoo's own email templates in the gallery: those on contacts and leads, read with
    the user's rights. Their code is never run, only parsed and looked up."""

    _name = "mailjet.gallery.odoo"
    _description = "Odoo's email templates for mass mailing"

    @api.model
    def _get_cards(self, mailing, term, offset, limit):
        """See :meth:`.MailjetGallery.get_cards`."""
        domain = Domain("model", "in", TEMPLATE_MODELS)
        if term:
            domain &= Domain("name", "ilike", term) | Domain("subject", "ilike", term)
        found = self._get_templates(mailing).search(domain, offset=offset, limit=limit)
        models_names = {
            "res.partner": self.env._("For contacts"),
            "crm.lead": self.env._("For leads"),
        }
        return [
            {
                "id": template.id,
                "name": template.name,
                "details": [models_names[template.model], template.user_id.name],
                "date": template.write_date,
            }
            for template in found
        ]

    @api.model
    def _get_template_preview(self, mailing, template_id):
        """See :meth:`.MailjetGallery._get_template_preview`."""
        domain = [("id", "=", template_id), ("model", "in", TEMPLATE_MODELS)]
        template = self._get_templates(mailing).search(domain)
        return template and self._read_template_preview(mailing, template)

    @api.model
    def _read_template_preview(self, mailing, template):
        body = template.body_html or ""
        if excess := self.env["mailjet.html.import"]._explain_excess(body):
            return TemplatePreview(
                template.name, "", ConversionReport(), refusal=excess
            )
        findings, resolve = (
            ConversionReport(),
            self._get_resolver(mailing, template.model),
        )
        return TemplatePreview(
            template.name,
            convert_html(body, resolve, findings),
            findings,
            subject=convert_text(template.subject, resolve, ConversionReport()),
            remarks=self._get_remarks(template),
        )

    # === BUSINESS METHODS === #

    @api.model
    def _get_templates(self, mailing):
        """Return Odoo's templates in the language of the recipients."""
        language = mailing._get_language()
        return self.env["mail.template"].with_context(lang=language)

    @api.model
    def _get_remarks(self, template):
        """Return what is not copied, as sentences."""
        if template.attachment_ids or template.report_template_ids:
            return (
                self.env._(
                    "Its attachments are not copied: a Mailjet campaign has none."
                ),
            )
        return ()

    @api.model
    def _get_resolver(self, mailing, model_name):
        """Return the function that resolves a path of a template."""
        tokens = self._get_tokens(mailing, model_name)

        def resolve(path, part):
            root, _dot, rest = path.partition(".")
            if root == "object" and rest:
                names = self._expand(model_name, rest.split("."))
                if (token := tokens.get((".".join(names), part))) is not None:
                    return Value(token, is_variable=True)
            return self._resolve_constant(mailing, path) if part == "all" else None

        return resolve

    @api.model
    def _get_tokens(self, mailing, model_name):
        """Return the token for each ``(path, part)`` from the template's record, for
        variables that suit the mailing's recipients."""
        tokens = {}
        for kind, prefix, field in self._get_places(mailing, model_name):
            for name, variable in mailing._get_variables_by_name().items():
                if variable.kind == kind and variable[field]:
                    names = self._expand(
                        model_name, [*prefix, *variable[field].split(".")]
                    )
                    tokens.setdefault((".".join(names), variable.part), name.token)
        return tokens

    @api.model
    def _get_places(self, mailing, model_name):
        """Yield where variables are found from the template's record, the best first:
        their kind, the path to their record, and the field with the rest of the
        path."""
        company = [["commercial_partner_id"], ["parent_id"]]
        if model_name == "res.partner":
            if mailing.recipient_type == "account":
                yield "account", [], "field_path"
                return
            yield "contact", [], "field_path"
            for way in company:
                yield "account", way, "field_path"
            return
        if mailing.recipient_type == "lead":
            yield "lead", [], "field_path"
        yield "contact", [], "lead_field_path"
        yield "account", [], "lead_field_path"
        yield "contact", ["partner_id"], "field_path"
        for way in company:
            yield "account", ["partner_id", *way], "field_path"
        if mailing.recipient_type == "target":
            yield "lead", [], "field_path"

    @api.model
    def _expand(self, model_name, names):
        """Return a path with stored fields in place of related ones, and the normalized
        address that recipients are mailed at in place of the typed one."""
        model, expanded = self.env[model_name], []
        names = list(names)
        while names:
            name = names.pop(0)
            field = model._fields.get(name)
            if field is not None and field.related and not field.store:
                names = [*field.related.split("."), *names]
                continue
            if name == getattr(model, "_primary_email", None):
                name = (
                    "email_normalized" if "email_normalized" in model._fields else name
                )
            expanded.append(name)
            is_link = field is not None and field.comodel_name
            model = self.env[field.comodel_name] if is_link else self.env["base"]
        return expanded

    # === BUSINESS METHODS: CONSTANTS === #

    @api.model
    def _resolve_constant(self, mailing, path):
        """Return a value that is the same for every recipient: of the mailing's company
        or its responsible, or the URL of this server."""
        if path == "object.get_base_url()":
            return Value(mailing.get_base_url())
        for root, record in (
            ("object.company_id.", mailing.company_id),
            ("user.company_id.", mailing.company_id),
            ("company.", mailing.company_id),
            ("user.", mailing.user_id),
        ):
            if path.startswith(root):
                return self._read_constant(record, path[len(root) :].split("."))
        return None

    @api.model
    def _read_constant(self, record, names):
        """Return the value of a field if the user may read it, else None."""
        *links, last = names
        for name in links:
            field = record._fields.get(name)
            if (
                not field
                or field.type != "many2one"
                or not self._is_open(record, field)
            ):
                return None
            record = record[name]
        if last == "id":
            return Value(str(record.id or ""))
        field = record._fields.get(last)
        if not field or field.type not in CONSTANT_TYPES:
            return None
        if not self._is_open(record, field):
            return None
        return Value(
            record[last] or "" if field.type != "integer" else str(record[last])
        )

    @api.model
    def _is_open(self, record, field):
        """Return whether the user may read the field of a record."""
        return record._has_field_access(field, "read") and record.has_access("read")
