/** @file An SVG is a program by a stranger: it reads no file, runs nothing and stays small. */
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import sharp from "sharp";
import { expect, test } from "vitest";
import { decoded, pixelAt, small, temporaryFolder, testDecoder } from "./test-decoder.ts";

const decoder = testDecoder();
const folder = await temporaryFolder();
const secretPath = join(folder, "secret.png");
const secret = await sharp({ create: { width: 9, height: 9, channels: 3, background: "#f00" } })
	.png()
	.toBuffer();
await writeFile(secretPath, secret);
await writeFile(join(folder, "secret.txt"), "█████████");
await writeFile(join(folder, "secret.css"), "rect { fill: #f00 }");

const drawing = (body: string, before = ""): string =>
	`<?xml version="1.0"?>${before}<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:xi="http://www.w3.org/2001/XInclude" width="100" height="100">${body}</svg>`;

test("no way of naming another file puts it into the picture", async () => {
	const references = [secretPath, pathToFileURL(secretPath).href, "secret.png", "./secret.png"];
	const bodies = [
		...references.map((href) => `<image xlink:href="${href}" width="100" height="100"/>`),
		...references.map((href) => `<image href="${href}" width="100" height="100"/>`),
		`<text y="60" font-size="40"><xi:include href="${join(folder, "secret.txt")}" parse="text"/></text>`,
		`<style>@import url("${pathToFileURL(join(folder, "secret.css")).href}");</style><rect width="100" height="100" fill="#fff"/>`,
		`<script>document.documentElement.innerHTML = ""</script><rect width="100" height="100" fill="#fff" onload="x()"/>`,
		`<foreignObject width="100" height="100"><img src="${secretPath}" xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>`,
	];
	for (const body of bodies) {
		const filePath = join(folder, "hostile.svg");
		await writeFile(filePath, drawing(body));
		const photo = decoded(await decoder.decode({ filePath }, small));
		expect([body, [...new Set(photo.pixels)]]).toEqual([body, [255]]);
	}
	const inside = `<image xlink:href="data:image/png;base64,${secret.toString("base64")}" width="100" height="100"/>`;
	const photo = decoded(await decoder.decode({ bytes: Buffer.from(drawing(inside)) }, small));
	expect(pixelAt(photo, 4, 4)).toEqual([255, 0, 0]);
});

test("entities are neither fetched nor multiplied, and nested copies are bounded", async () => {
	const external = `<!DOCTYPE svg [<!ENTITY x SYSTEM "${pathToFileURL(join(folder, "secret.txt")).href}">]>`;
	const layers = ["b", "c", "d", "e", "f", "g", "h"].map(
		(name, index) => `<!ENTITY ${name} "${`&${"abcdefg"[index]};`.repeat(10)}">`,
	);
	const laughs = `<!DOCTYPE svg [<!ENTITY a "ha ha ha ha ha ha ha">${layers.join("")}]>`;
	const nested = Array.from(
		{ length: 11 },
		(_, level) => `<g id="g${level + 1}">${`<use xlink:href="#g${level}"/>`.repeat(10)}</g>`,
	);
	const hostile = [
		drawing('<text y="50">&x;</text>', external),
		drawing('<text y="50">&h;</text>', laughs),
		drawing(`<g id="g0"><rect width="10" height="10"/></g>${nested.join("")}`),
	];
	for (const svg of hostile) {
		const outcome = await decoder.decode({ bytes: Buffer.from(svg) }, small);
		expect(outcome).toMatchObject({ kind: "failed", reason: "corrupt" });
	}
});

test("an endless drawing is refused by its size, or shown as the nothing it is", async () => {
	for (const side of ["100000", "1e6", "1e9", "-5", "0", "NaN"]) {
		const svg = drawing("").replaceAll(`"100"`, `"${side}"`);
		const outcome = await decoder.decode({ bytes: Buffer.from(svg) }, small);
		if (outcome.kind === "decoded") expect(outcome.width * outcome.height).toBeLessThan(1_000_000);
		else expect(outcome.reason).toMatch(/^(corrupt|too-many-pixels)$/);
	}
});
