import { Component, onMounted, toRaw, useState, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const COUNTS = ["contact_count", "account_count", "lead_count"];

/** The counts of each target on the screen, by its record: one call for all its columns. */
const readings = new WeakMap();

/** How many members of a kind, or of all kinds, a target has. The list does not wait for
 * this, and only what it shows is counted. */
export class MailjetMemberCount extends Component {
    static template = xml`<span t-out="text" />`;
    static props = { ...standardFieldProps, count: { type: String, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ counts: null });
        onMounted(async () => {
            this.state.counts = await this.read();
        });
    }

    read() {
        const record = toRaw(this.props.record);
        if (!readings.has(record)) {
            const { resModel, resId } = record;
            const reading = this.orm.silent.read(resModel, [resId], COUNTS);
            readings.set(
                record,
                reading.then(([counts]) => counts)
            );
        }
        return readings.get(record);
    }

    get text() {
        const { counts } = this.state;
        if (!counts) {
            return "…";
        }
        const names = this.props.count ? [this.props.count] : COUNTS;
        return formatInteger(names.reduce((total, name) => total + counts[name], 0));
    }
}

registry.category("fields").add("mailjet_member_count", {
    component: MailjetMemberCount,
    supportedTypes: ["char", "integer"],
    extractProps: ({ options }) => ({ count: options.count }),
});
