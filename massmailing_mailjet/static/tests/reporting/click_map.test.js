import { expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";

import { MailjetClickMap } from "@massmailing_mailjet/reporting/click_map/click_map";
import { allowClosedFrames } from "../mailing";

defineMailModels();
allowClosedFrames();

test("each link that was clicked has its number and share, and nothing runs", async () => {
    await mountWithCleanup(MailjetClickMap, {
        props: {
            html: `
                <script>window.clicked = true;</script>
                <a href="https://example.com/a?b=1&amp;c=2">A</a>
                <a href=" https://example.com/b "><img src="x.png"></a>
                <a href="https://example.com/c">C</a>`,
            hrefs: { "https://example.com/a?b=1&c=2": 7, "https://example.com/b": 8 },
            links: [
                { id: 7, recipient_count: 1500 },
                { id: 8, recipient_count: 500 },
            ],
            clickers: 2000,
        },
    });
    const frame = queryOne("iframe:not([aria-hidden])");
    expect(frame).toHaveAttribute("sandbox", "");
    const email = new DOMParser().parseFromString(frame.srcdoc, "text/html");
    expect([...email.querySelectorAll("a")].map((anchor) => anchor.textContent)).toEqual([
        "A1,500 · 75%",
        "500 · 25%",
        "C",
    ]);
    expect(window.clicked).toBe(undefined);
});
