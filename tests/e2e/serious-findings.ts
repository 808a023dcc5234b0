/** @file What axe holds for a serious or critical barrier on the page as it stands. */
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Locator, Page } from "playwright-core";

const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

export interface Looking {
	/** Looked at alone, as when a dialog lies over what others look at. */
	part?: Locator;
	/** Only what depends on colours, where the same page was looked at whole in others. */
	onlyColours?: boolean;
}

/** In a line each. The page must be open with `bypassCSP`: axe is put into it, which its own policy refuses. */
export async function seriousFindings(
	page: Page,
	{ part, onlyColours = false }: Looking = {},
): Promise<string[]> {
	if (!(await page.evaluate(() => "axe" in window))) await page.addScriptTag({ path: axePath });
	// Fading in would be taken for weak contrast.
	await page.waitForFunction(() =>
		document.getAnimations().every((one) => one.playState !== "running"),
	);
	const whole = page.locator("html");
	await (part ?? whole).evaluate((element) => element.setAttribute("data-looked-at", ""));
	// Whoever speaks to the computer says what is written there; axe holds that rule for experimental.
	const rules = { "label-content-name-mismatch": { enabled: true } };
	// Named one by one: their common tag also has the rules of a stricter level, which nobody else is asked.
	const colours = ["color-contrast", "link-in-text-block"];
	const asked = onlyColours ? { runOnly: { type: "rule", values: colours } } : { rules };
	const options = JSON.stringify({ resultTypes: ["violations"], ...asked });
	const results = await page.evaluate<AxeResults>(`axe.run('[data-looked-at]', ${options})`);
	await page.evaluate(() => {
		for (const element of document.querySelectorAll("[data-looked-at]")) {
			element.removeAttribute("data-looked-at");
		}
	});
	return results.violations
		.filter(({ impact }) => impact === "serious" || impact === "critical")
		.flatMap(({ id, nodes }) =>
			nodes.map((node) => `${id}: ${node.target.join(" ")} ${node.any[0]?.message ?? node.html}`),
		);
}
