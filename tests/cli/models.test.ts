/** @file `afterimage models`, with a server on this computer standing in for the hub. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { modelListSchema } from "../../contract/model-package.ts";
import { fixtures } from "../models/layout-packages.ts";
import { listingOf, standInHub } from "../models/stand-in-hub.ts";
import { newFolder, runCli } from "./run-cli.ts";

/** Each command starts an engine of its own, and an install tries a model on photos. */
const timeoutMs = 120_000;

test(
	"a model is installed from a folder, listed, and removed with the space it took",
	async () => {
		const library = join(newFolder(), "library");
		const installed = await runCli(library, ["models", "install", join(fixtures, "siglip")]);
		expect(installed).toMatchObject({ code: 0, stdout: "Installed siglip from the folder.\n" });
		expect(existsSync(join(`${library}-models`, "siglip", "model.json"))).toBe(true);
		const listed = await runCli(library, ["models", "--json"]);
		const { models } = modelListSchema.parse(JSON.parse(listed.stdout));
		expect(models.find(({ id }) => id === "siglip")).toMatchObject({
			title: "siglip",
			state: { kind: "installed", origin: "folder" },
			imagesPerSecond: expect.any(Number),
		});
		const removed = await runCli(library, ["models", "remove", "siglip"]);
		expect(removed.code).toBe(0);
		expect(removed.stdout).toMatch(/^Removed siglip; \d+(\.\d+)? MB are free again\.\n$/);
		expect(existsSync(join(`${library}-models`, "siglip"))).toBe(false);
		await runCli(library, ["models", "install", join(fixtures, "siglip")]);
		const again = await runCli(library, ["models", "remove", "siglip", "--json"]);
		expect(JSON.parse(again.stdout)).toEqual({
			removed: "siglip",
			freedBytes: expect.any(Number),
		});
	},
	timeoutMs,
);

test(
	"a model of the hub takes two steps: what it is, and its download",
	async () => {
		const library = join(newFolder(), "library");
		const files = Object.fromEntries(
			readdirSync(join(fixtures, "clip"), { recursive: true, encoding: "utf8" })
				.filter((name) => /\.\w+$/.test(name))
				.map((name) => [name, readFileSync(join(fixtures, "clip", name))]),
		);
		const hub = await standInHub(files);
		hub.listing = listingOf(files);
		const install = ["models", "install", "tinyclip-8m-16"];
		const asked = await runCli(library, [...install, "--mirror", hub.address]);
		expect(asked.code).toBe(0);
		expect(asked.stdout).toContain(`revision ${"a".repeat(40)}, remembered`);
		expect(asked.stdout).toContain("licence, by 127.0.0.1:");
		expect(hub.requests).toHaveLength(1);
		const fetched = await runCli(library, install);
		expect(fetched).toMatchObject({ code: 0, stdout: "Installed tinyclip-8m-16.\n" });
		const list = await runCli(library, ["models"]);
		expect(list.stdout).toMatch(/tinyclip-8m-16 .* installed from 127\.0\.0\.1:/);
	},
	timeoutMs,
);

test(
	"what is no model is refused with what is missing",
	async () => {
		const library = join(newFolder(), "library");
		const { code, stderr } = await runCli(library, [
			"models",
			"install",
			join(fixtures, "pictures"),
		]);
		expect(code).not.toBe(0);
		expect(stderr).toContain("pictures holds no .onnx file, so there is no model in it.");
		const nowhere = await runCli(library, ["models", "install", "no-such-thing"]);
		expect(nowhere.stderr).toContain('There is no model and no folder "no-such-thing".');
	},
	timeoutMs,
);

test(
	"probe says where the model can run, and how fast",
	async () => {
		const { code, stdout } = await runCli(join(newFolder(), "library"), ["models", "probe"]);
		expect(code).toBe(0);
		expect(stdout).toMatch(/^ {2}cpu +(chosen|slower), \d+(\.\d+)? images\/s$/m);
		expect(stdout).toMatch(/^Chosen: auto \(the fastest that agrees\); runs on \w+$/m);
	},
	timeoutMs,
);

test(
	"probe keeps the place it is told to use, and refuses one that is not there",
	async () => {
		const library = join(newFolder(), "library");
		const chosen = await runCli(library, ["models", "probe", "--use", "cpu"]);
		expect(chosen.stdout).toContain("Chosen: cpu; runs on cpu");
		const missing = process.platform === "darwin" ? "dml" : "coreml";
		const refused = await runCli(library, ["models", "probe", "--use", missing]);
		expect(refused.code).toBe(1);
		expect(refused.stderr).toContain(`was not found to run rightly on ${missing} here`);
		const probed = await runCli(library, ["models", "--json", "probe"]);
		expect(JSON.parse(probed.stdout)).toMatchObject({ place: "cpu", provider: "cpu" });
	},
	timeoutMs,
);
