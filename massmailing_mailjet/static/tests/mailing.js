import { beforeEach } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { Component, xml } from "@odoo/owl";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { useBus } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A mailing with the fields that the components read, and one that must be filled in. */
export class MailjetMailing extends models.Model {
    _name = "mailjet.mailing";

    name = fields.Char();
    subject = fields.Char({ required: true, trim: true });
    recipient_type = fields.Char();
    state = fields.Selection({
        selection: ["draft", "in_queue", "preparing", "sending", "done"].map((name) => [
            name,
            name,
        ]),
    });
    step = fields.Selection({
        selection: [
            ["details", "Details"],
            ["content", "Composition"],
            ["recipients", "Recipients"],
            ["sending", "Sending"],
        ],
    });
    delivery_step = fields.Char();
    schedule_type = fields.Char();
    schedule_date = fields.Datetime();
    mailjet_schedule_date = fields.Datetime();
    reschedule_date = fields.Datetime();
    sent_date = fields.Datetime();
    recipient_count = fields.Integer();
    planned_count = fields.Integer();
    contact_count = fields.Integer();
    account_count = fields.Integer();
    lead_count = fields.Integer();
    unticked_count = fields.Integer();
    invalid_count = fields.Integer();
    duplicate_count = fields.Integer();
    unsubscribed_count = fields.Integer();
    left_topic_count = fields.Integer();
    paused_count = fields.Integer();
    blacklisted_count = fields.Integer();
    past_bounce_count = fields.Integer();
    past_complaint_count = fields.Integer();
    archived_count = fields.Integer();
    excluded_target_count = fields.Integer();
    answered_count = fields.Integer();
    asked_count = fields.Integer();
    recent_count = fields.Integer();
    not_asked_count = fields.Integer();
    engaged_count = fields.Integer();
    sent_count = fields.Integer();
    failed_count = fields.Integer();
    monthly_limit = fields.Integer();
    sent_this_month = fields.Integer();
    remaining_this_month = fields.Integer();
    send_mode = fields.Char();
    portion_rule = fields.Char();
    portion_size = fields.Integer();
    portion_working_days = fields.Boolean();
    portion_hour = fields.Float();
    in_recipient_zone = fields.Boolean();
    frequency_cap_days = fields.Integer();
    origin_id = fields.Many2one({ relation: "mailjet.mailing" });
    composition = fields.Selection({
        selection: [
            ["template", "Template"],
            ["blank", "Visual editor"],
            ["html", "HTML code"],
        ],
    });
    template_name = fields.Char();
    body_arch = fields.Html();
    body_html = fields.Html();
    body_code = fields.Text();
}

/** An editor as the visual one: it keeps what was typed until it is asked for it. */
export class Editor extends Component {
    static template = xml`<button class="editor" t-on-click="type">Type</button>`;
    static props = { ...standardFieldProps };

    setup() {
        const { bus } = this.props.record.model;
        useBus(bus, "NEED_LOCAL_CHANGES", ({ detail }) => detail.proms.push(this.commit()));
    }

    type() {
        this.typed = "Offers";
        this.props.record.model.bus.trigger("FIELD_IS_DIRTY", true);
    }

    async commit() {
        await animationFrame();
        if (this.typed) {
            await this.props.record.update({ [this.props.name]: this.typed });
        }
    }
}

/** What Odoo's mail and our own mailing need; further models may be given. */
export function defineMailing(...more) {
    defineMailModels();
    defineModels([MailjetMailing, ...more]);
}

/** Show and return a form of the mailing with id 1 and what is given; else of a new one. */
export async function mountMailing(arch, values, options) {
    const other = { id: 2, subject: "Another mailing" };
    MailjetMailing._records = values ? [{ id: 1, subject: "News", ...values }, other] : [];
    return mountView({
        type: "form",
        resModel: "mailjet.mailing",
        resId: values ? 1 : false,
        arch,
        ...options,
    });
}

/** Do the same, and wait for what the form reads once it is there. */
export async function mountSettled(...args) {
    await mountMailing(...args);
    await settle();
}

/** Let what a form can do without ask the server once the form is quiet, and be drawn. */
export async function settle() {
    await animationFrame();
    await advanceTime(200);
    await animationFrame();
}

/** Keep the runner, which listens in every frame, out of those that are closed to it. */
export function allowClosedFrames() {
    beforeEach(() => {
        patchWithCleanup(HTMLIFrameElement.prototype, {
            get contentWindow() {
                return this.hasAttribute("sandbox") ? window : super.contentWindow;
            },
        });
    });
}

/** Have the next dialog for files answer with a file, or with none. */
export function chooseFileNext(file) {
    patchWithCleanup(HTMLInputElement.prototype, {
        click() {
            if (this.type !== "file") {
                return super.click();
            }
            if (!file) {
                return this.dispatchEvent(new Event("cancel"));
            }
            const transfer = new DataTransfer();
            transfer.items.add(file);
            this.files = transfer.files;
            this.dispatchEvent(new Event("change"));
        },
    });
}
