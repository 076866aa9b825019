import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import { fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

import { defineMailing } from "../mailing";

class MailjetTarget extends models.Model {
    _name = "mailjet.target";

    contact_scope = fields.Char();

    _records = [
        { id: 1, contact_scope: "All records" },
        { id: 2, contact_scope: "None" },
    ];
}

defineMailing(MailjetTarget);

test("the members of the rows on the screen are counted after the list", async () => {
    const counted = new Deferred();
    onRpc("mailjet.target", "read", async ({ args: [[id], names] }) => {
        expect.step([id, names.length]);
        await counted;
        return [{ id, contact_count: 1000 * id, account_count: 20, lead_count: 3 }];
    });
    await mountView({
        type: "list",
        resModel: "mailjet.target",
        arch: `
            <list>
                <field
                    name="contact_scope"
                    widget="mailjet_member_count"
                    options="{'count': 'contact_count'}"
                />
                <field name="id" widget="mailjet_member_count"/>
            </list>`,
    });
    expect(queryAllTexts(".o_data_cell")).toEqual(["…", "…", "…", "…"]);
    counted.resolve();
    await animationFrame();
    expect(queryAllTexts(".o_data_cell")).toEqual(["1,000", "1,023", "2,000", "2,023"]);
    // The last row is mounted first.
    expect.verifySteps([
        [2, 3],
        [1, 3],
    ]);
});
