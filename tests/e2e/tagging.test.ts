/** @file Tags as a person comes by them: a label is written, its line dragged, taught, accepted, found, undone. */
import { expect, test } from "vitest";
import { openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos } from "./running-app.ts";
import { photos, searchBox } from "./view.ts";

const names = [
	"moose.webp",
	"grass.jpg",
	"dahlia.jpg",
	"louvre.webp",
	"giant-panda.webp",
	"dandelions.jpg",
	"allium-oreophilum.jpg",
	"acanthus-mollis.jpg",
	"great-wall.webp",
	"cup-of-coffee.jpg",
	"two-dogs-at-a-window.jpg",
	"chelsea-the-cat.jpg",
	"brick-wall.jpg",
	"gravel.jpg",
];
openLibraryPages(names.length, { photos: (path) => copyDemoPhotos(path, names) });

test("a label is written, dragged, taught, accepted, found by its tag, and undone", async () => {
	const { page } = view;
	await page.getByRole("link", { name: /^Tags/ }).click();
	await page.getByRole("button", { name: "New label" }).click();
	await page.getByLabel("What do the photos show?").fill("flower");
	const line = page.getByRole("slider", { name: "How well a photo must fit" });
	await line.waitFor();
	const counted = async () =>
		Number.parseInt((await line.getAttribute("aria-valuetext")) ?? "", 10);

	const box = await line.boundingBox();
	if (box === null) throw new Error("The line is not on screen.");
	await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
	await page.mouse.down();
	await page.mouse.move(0, box.y + box.height / 2, { steps: 8 });
	await page.mouse.up();
	await expect.poll(counted).toBe(names.length);
	await page.getByRole("button", { name: "Set automatically" }).click();

	await page.getByRole("heading", { level: 1 }).click();
	const flow = page.getByRole("region", { name: /Does “flower” fit/ });
	const flowers = /dahlia|dandelion|allium|acanthus/;
	for (let answers = 1; answers <= 5; answers += 1) {
		const asked = async () => (await flow.locator("img.sharp").getAttribute("alt")) ?? "";
		await expect.poll(asked).toMatch(/\.(jpg|webp)$/);
		await page.keyboard.press(flowers.test(await asked()) ? "y" : "n");
		await flow.getByText(new RegExp(`^${answers} answers?:`)).waitFor();
	}
	await page.getByRole("button", { name: "Save label" }).click();

	await page.getByRole("heading", { name: /^Suggested ·/ }).waitFor();
	const suggested = page.getByRole("list", { name: "Suggested for flower" }).getByRole("listitem");
	await suggested.first().waitFor();
	const before = await suggested.count();
	await suggested.first().locator(".photo").focus();
	await page.keyboard.press("y");
	await page.getByText("Accepted “flower” for 1 photo.").waitFor();

	await page
		.getByRole("navigation", { name: "Where this tag is" })
		.getByRole("link", { name: "Tags" })
		.click();
	await searchBox(page).fill("tag:flower");
	await expect.poll(() => photos(page).count()).toBe(1);

	await page.locator("h1").click();
	await page.keyboard.press("Control+z");
	await page.getByText("“flower” is only suggested again for 1 photo.").waitFor();
	await expect.poll(() => photos(page).count()).toBe(0);
	await expect.poll(() => suggested.count()).toBe(before);
});
