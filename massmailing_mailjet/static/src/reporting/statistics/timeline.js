import { Component, onWillStart, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";

const COLORS = { opened_count: 0, clicked_count: 2 };
const PERIODS = { hours: _t("First 48 hours"), days: _t("By day") };

/**
 * How many people opened and clicked for the first time, by the hour or by the day
 * since the mailing was sent. A bar opens its recipients.
 */
export class MailjetTimeline extends Component {
    static template = "massmailing_mailjet.Timeline";
    static props = {
        timeline: Object,
        labels: Object,
        sentDate: Object,
        onPeople: Function,
    };

    setup() {
        this.canvas = useRef("canvas");
        this.state = useState({ period: "hours" });
        this.periods = PERIODS;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                const chart = new Chart(this.canvas.el, this.config);
                return () => chart.destroy();
            },
            () => [this.state.period, this.props.timeline]
        );
    }

    get bars() {
        return this.props.timeline[this.state.period];
    }

    /** The hour since the mailing was sent, or the day on which a bar begins. */
    getLabel({ start, end }) {
        if (this.state.period === "hours") {
            return _t("%s h", start);
        }
        const day = formatDate(this.props.sentDate.plus({ hours: start }));
        return end ? day : _t("%s and later", day);
    }

    get config() {
        const scheme = cookie.get("color_scheme");
        const text = getCustomColor(scheme, "#374151", "#E4E4E4");
        const grid = getCustomColor(scheme, "rgba(0,0,0,.08)", "rgba(255,255,255,.12)");
        return {
            type: "bar",
            data: {
                labels: this.bars.map((bar) => this.getLabel(bar)),
                datasets: Object.keys(COLORS).map((name) => ({
                    label: this.props.labels[name],
                    data: this.bars.map((bar) => bar[name]),
                    backgroundColor: getColor(COLORS[name], scheme, "sm"),
                    borderRadius: 2,
                })),
            },
            options: {
                maintainAspectRatio: false,
                animation: false,
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { labels: { color: text, boxWidth: 12 } } },
                scales: {
                    x: { ticks: { color: text, maxRotation: 0 }, grid: { display: false } },
                    y: {
                        beginAtZero: true,
                        ticks: { color: text, precision: 0 },
                        grid: { color: grid },
                    },
                },
                onHover: (ev) => (ev.native.target.style.cursor = "pointer"),
                onClick: (ev, _elements, chart) => this.onChartClicked(ev, chart),
            },
        };
    }

    /** Open the people of the bar under the pointer, or of the only one beside it. */
    onChartClicked(ev, chart) {
        const [exact] = chart.getElementsAtEventForMode(ev, "nearest", { intersect: true }, true);
        const [near] = chart.getElementsAtEventForMode(ev, "index", { intersect: false }, true);
        const element = exact || near;
        if (element) {
            const { start, end } = this.bars[element.index];
            this.props.onPeople(Object.keys(COLORS)[element.datasetIndex], start, end);
        }
    }
}
