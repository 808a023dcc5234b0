/** @file Copies of photos: found, moved to the trash, brought back and kept, as a person does it. */
import { copyFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos, demoPhotosPath } from "./running-app.ts";

openLibraryPages(6, {
	photos: async (photosPath) => {
		copyDemoPhotos(photosPath, ["astronaut.jpg", "grass.jpg", "moose.webp", "louvre.webp"]);
		copyFileSync(join(demoPhotosPath, "astronaut.jpg"), join(photosPath, "astronaut (1).jpg"));
		const moose = sharp(join(demoPhotosPath, "moose.webp"));
		await moose.flop().jpeg().toFile(join(photosPath, "moose-mirrored.jpg"));
	},
});
beforeEach(async () => {
	await view.page.getByRole("link", { name: /^Look-alikes/ }).click();
	await groups().first().waitFor();
});

const groups = () => view.page.getByRole("article");
const trashed = () =>
	existsSync(join(app.homePath, ".local", "share", "Trash", "files", "astronaut (1).jpg"));
const inFolder = () => existsSync(join(app.photosPath, "astronaut (1).jpg"));

test("copies are shown in groups, with what sets them apart", async () => {
	await expect.poll(() => groups().count()).toBe(2);
	const identical = view.page.getByRole("article", { name: "astronaut.jpg and an identical file" });
	const choice = identical.getByRole("checkbox", { name: "Move astronaut (1).jpg to the trash" });
	expect(await choice.isChecked()).toBe(true);
	const edited = view.page.getByRole("article", { name: /moose.*edited/ });
	await edited.getByText(/^Mirrored/).waitFor();
	expect(await edited.getByRole("checkbox", { checked: true }).count()).toBe(0);
});

test("a copy goes to the trash when that is confirmed, and undo brings it back", async () => {
	const move = view.page.getByRole("button", { name: "Move 1 to trash" });
	await move.focus();
	await view.page.keyboard.press("Enter");
	await view.page.locator("[role=dialog]:focus-within").waitFor();
	await view.page.keyboard.press("Escape");
	await view.page.getByRole("dialog").waitFor({ state: "detached" });
	expect(inFolder()).toBe(true);
	await move.click();
	await view.page.getByRole("dialog").getByRole("button", { name: "Move to trash" }).click();
	await view.page.getByText("Moved 1 photo to the trash.").waitFor();
	expect([trashed(), inFolder()]).toEqual([true, false]);
	await view.page.getByRole("button", { name: "Undo" }).click();
	await view.page.getByText("The photo is back where it was.").waitFor();
	expect([trashed(), inFolder()]).toEqual([false, true]);
	await app.untilSearchable(6);
	await groups().nth(1).waitFor();
});

test("a group that is kept goes away, and comes back with undo", async () => {
	const edited = view.page.getByRole("article", { name: /moose.*edited/ });
	await edited.getByRole("button", { name: "Keep all" }).click();
	await edited.waitFor({ state: "detached" });
	await view.page.getByRole("button", { name: "Undo" }).click();
	await edited.waitFor();
});
