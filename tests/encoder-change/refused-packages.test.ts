import { copyFileSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { openTestLibrary, temporaryRoot, untilSearchable } from "../engine/open-test-library.ts";
import { rotatedTitle, writeRotatedStarter } from "../fixtures/encoder/rotated-starter.ts";
import { makePhotoFolder } from "../fixtures/make-photos.ts";
import { rotatedModel, starterModel } from "./change-under-test.ts";

const vision = join("onnx", "vision_model.onnx");
const textModel = join("onnx", "text_model_quantized.onnx");

function editManifest(folder: string, edit: (manifest: Record<string, unknown>) => void): void {
	const path = join(folder, "model.json");
	const manifest = z.record(z.string(), z.unknown()).parse(JSON.parse(readFileSync(path, "utf8")));
	edit(manifest);
	writeFileSync(path, JSON.stringify(manifest));
}

/** What is done to the installed package, and what the refusal must name. */
const harms: [name: string, harm: (folder: string) => void, named: string][] = [
	[
		"damaged",
		(folder) => {
			const bytes = readFileSync(join(folder, vision));
			bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 255;
			writeFileSync(join(folder, vision), bytes);
		},
		"vision_model.onnx is damaged",
	],
	[
		"cut short",
		(folder) => truncateSync(join(folder, textModel), 1_000_000),
		"text_model_quantized.onnx is damaged",
	],
	[
		"without a file",
		(folder) => rmSync(join(folder, "tokenizer.json")),
		"tokenizer.json is missing",
	],
	[
		"with other dimensions than it promises",
		(folder) => editManifest(folder, (manifest) => Object.assign(manifest, { dimensions: 512 })),
		"promises [",
	],
	[
		"of a newer format",
		(folder) => editManifest(folder, (manifest) => Object.assign(manifest, { format: 99 })),
		"has format 99",
	],
	[
		"with a manifest that is none",
		(folder) => writeFileSync(join(folder, "model.json"), "{"),
		"is not JSON",
	],
	[
		"put together from two models",
		(folder) => {
			writeRotatedStarter(folder, { turned: ["image"] });
		},
		"does not belong to",
	],
];

test("a damaged, truncated or mismatched package is refused by name, and the present encoder stays in use", async () => {
	const root = temporaryRoot();
	const whole = join(root, "whole");
	writeRotatedStarter(whole);
	const { client, photosPath } = await openTestLibrary({ root });
	await makePhotoFolder(photosPath, 3);
	await client.folder.add({ path: photosPath });
	await untilSearchable(client, 3);
	await client.model.installFolder({ path: whole });
	const installed = join(root, "models", rotatedModel);
	for (const [name, harm, named] of harms) {
		harm(installed);
		const refusal = await client.encoderChange.start({ model: rotatedModel }).then(
			() => null,
			(error: unknown) => error,
		);
		expect(refusal, name).toHaveProperty(
			"code",
			expect.stringMatching(/^MODEL_(UNAVAILABLE|DAMAGED)$/),
		);
		const { message } = z.object({ message: z.string() }).parse(refusal);
		expect(message, name).toContain(named);
		expect(message.includes(rotatedTitle) || message.includes(installed), message).toBe(true);
		expect(await client.encoderChange.status()).toMatchObject({
			model: starterModel,
			change: null,
			kept: [],
		});
		expect((await client.search.text({ query: "a red circle" })).hits).not.toEqual([]);
		for (const file of [vision, textModel, "tokenizer.json", "model.json"]) {
			copyFileSync(join(whole, file), join(installed, file));
		}
	}
	const absent = await client.encoderChange
		.start({ model: z.string().brand<"ModelId">().parse("nobody") })
		.catch((error: unknown) => error);
	expect(absent).toMatchObject({ code: "MODEL_NOT_FOUND" });
});
