import { _t } from "@web/core/l10n/translation";
import { CheckBox } from "@web/core/checkbox/checkbox";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { formatInteger } from "@web/views/fields/formatters";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ListController } from "@web/views/list/list_controller";
import { ListRenderer } from "@web/views/list/list_renderer";
import { listView } from "@web/views/list/list_view";
import { EDITABLE_STATES } from "@massmailing_mailjet/core/states/states";
import { isExcludedAnyway } from "../tick_field/tick_field";

/** Inside the form of a mailing, the list is not the main part of the page. */
export class MailjetRecipientLayout extends Layout {
    static template = "massmailing_mailjet.RecipientLayout";

    get tag() {
        return this.env.config.noBreadcrumbs ? "div" : "main";
    }
}

export class MailjetRecipientListController extends ListController {
    static components = { ...ListController.components, Layout: MailjetRecipientLayout };
}

export class MailjetRecipientKanbanController extends KanbanController {
    static components = { ...KanbanController.components, Layout: MailjetRecipientLayout };
}

/** Inside the form, the rows are read once the step that updates them is stored. */
export class MailjetRecipientModel extends RelationalModel {
    async _loadData(...args) {
        await this.env.untilMailjetStepStored?.();
        return super._loadData(...args);
    }
}

/**
 * A list of recipients. Its first column is whether they are sent to, and the box in
 * the column's head ticks or unticks all that the search finds.
 */
export class MailjetRecipientListRenderer extends ListRenderer {
    static template = "massmailing_mailjet.RecipientListRenderer";
    static components = { ...ListRenderer.components, CheckBox };

    setup() {
        super.setup();
        this.orm = useService("orm");
        this.dialog = useService("dialog");
    }

    /** What the box in the head shows: the ticks of the rows on the page. */
    get ticks() {
        const { records } = this.props.list;
        const open = records.filter((record) => !isExcludedAnyway(record));
        const ticked = open.filter((record) => record.data.selected);
        return {
            isAll: Boolean(open.length) && ticked.length === open.length,
            isSome: Boolean(ticked.length) && ticked.length < open.length,
            isFixed: records.some(
                ({ data }) => !EDITABLE_STATES.includes(data.mailing_state)
            ),
        };
    }

    /** Tick or untick all that the search finds; ask if these are more than are shown. */
    onTickAll(isTicked) {
        const { list } = this.props;
        const count = list.isGrouped ? list.recordCount : list.count;
        if (count <= list.records.length) {
            return this.tickAll(isTicked);
        }
        const number = formatInteger(count) + (list.hasLimitedCount ? "+" : "");
        this.dialog.add(ConfirmationDialog, {
            title: isTicked ? _t("Select all") : _t("Deselect all"),
            body: isTicked
                ? _t("Send to all %s recipients that are listed, on every page?", number)
                : _t("Deselect all %s recipients that are listed, on every page?", number),
            confirmLabel: isTicked ? _t("Select all") : _t("Deselect all"),
            confirm: () => this.tickAll(isTicked),
            // The box shows the ticks of the rows again.
            cancel: () => this.render(),
        });
    }

    async tickAll(isTicked) {
        const { list } = this.props;
        const method = isTicked ? "action_tick" : "action_untick";
        await this.orm.call(list.resModel, method, [[]], {
            context: { ...list.context, active_domain: list.domain },
        });
        await list.load();
        await this.env.onMailjetRecipientsChanged?.();
    }
}

registry.category("views").add("mailjet_recipient_list", {
    ...listView,
    Controller: MailjetRecipientListController,
    Model: MailjetRecipientModel,
    Renderer: MailjetRecipientListRenderer,
    // One column of boxes: whether a recipient is sent to.
    props: (...args) => ({ ...listView.props(...args), allowSelectors: false }),
});

registry.category("views").add("mailjet_recipient_cards", {
    ...kanbanView,
    Controller: MailjetRecipientKanbanController,
    Model: MailjetRecipientModel,
});
