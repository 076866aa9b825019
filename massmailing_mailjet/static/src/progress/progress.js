import { Component, onWillUnmount, onMounted } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const INTERVAL = 3000; // milliseconds between two looks at a mailing on its way

/** Keeps the form of a mailing on its way up to date, without reloading by hand. */
export class MailjetProgress extends Component {
    static template = "massmailing_mailjet.Progress";
    static props = { ...standardWidgetProps };

    setup() {
        onMounted(() => {
            this.timer = browser.setInterval(() => this.reload(), INTERVAL);
        });
        onWillUnmount(() => browser.clearInterval(this.timer));
    }

    async reload() {
        const { record } = this.props;
        if (!(await record.isDirty())) {
            await record.load();
        }
    }
}

registry.category("view_widgets").add("mailjet_progress", { component: MailjetProgress });
