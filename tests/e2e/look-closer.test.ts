/** @file Where nothing fits, the search model is offered to look closer at each photo; one click does it. */
import { expect, test } from "vitest";
import { app, openLibraryPages, view } from "./library-pages.ts";
import { copyDemoPhotos } from "./running-app.ts";
import { seriousFindings } from "./serious-findings.ts";
import { searchBox, shownNames } from "./view.ts";

const names = ["moose.webp", "grass.jpg", "giant-panda.webp", "dahlia.jpg", "louvre.webp"];
// axe is put into the page, which the page's own policy would refuse.
openLibraryPages(
	names.length,
	{ photos: (path) => copyDemoPhotos(path, names) },
	{ bypassCSP: true },
);

test("the offer stands where nothing was found, and is gone once it was taken", async () => {
	const { page } = view;
	const offer = page.getByRole("button", { name: "Look closer" });
	await searchBox(page).fill("handwritten sheet music");
	await page.getByRole("heading", { name: "Nothing in your library looks like that." }).waitFor();
	await offer.waitFor();
	expect(await seriousFindings(page)).toEqual([]);
	await offer.click();
	await page.getByText("Your photos are read again in the background").waitFor();
	await offer.waitFor({ state: "detached" });
	await expect
		.poll(async () => (await app.client.encoderChange.status()).model)
		.toBe("starter-closer");
	await searchBox(page).fill("a giant panda");
	await expect.poll(async () => (await shownNames(page))[0]).toBe("giant-panda.webp");
	await searchBox(page).fill("handwritten sheet music");
	await page.getByRole("heading", { name: "Nothing in your library looks like that." }).waitFor();
	expect(await offer.count()).toBe(0);
});
