/** @file The settings of tags in files, as a person uses them. */
import type { Page } from "playwright-core";

/** Opens the settings where it says where tags are kept. */
export async function openTagSettings(page: Page): Promise<void> {
	await page.getByRole("button", { name: "Settings", exact: true }).click();
	await page.getByRole("tab", { name: "Tags in files" }).click();
	await page.getByRole("radiogroup", { name: "Where tags are kept" }).waitFor();
}

/** Chooses a place, confirms it and waits until everything is written there. */
export async function keepTagsIn(page: Page, place: RegExp): Promise<void> {
	await page.getByRole("radio", { name: place }).click();
	await page.getByText(/^What you said of|^No photo needs writing/).waitFor();
	await page.getByRole("button", { name: /^Write them$|^Switch on$/ }).click();
	// Until the keyboard is back at the choice, Escape may be meant for a tooltip on its way.
	await page.locator("input[type=radio]:checked:focus").waitFor();
	await page.getByText("Everything is written.").waitFor();
}

/** Closes whatever dialog is open. */
export async function closeDialog(page: Page): Promise<void> {
	await page.keyboard.press("Escape");
	await page.getByRole("dialog").waitFor({ state: "detached" });
}
