/** @file `afterimage generate` by the models that came with the app, and by an installed one. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { readProvenance } from "../../engine/generator/provenance.ts";
import { newFolder, resultOf, runCli, startCli } from "./run-cli.ts";

const answerSchema = z.object({
	settings: z.object({ family: z.string(), steps: z.number() }),
	pictures: z.array(
		z.object({
			path: z.string(),
			seed: z.number(),
			similarity: z.number(),
			packages: z.array(z.object({ id: z.string() })),
		}),
	),
});
const small = ["--backend", "diffusion", "--size", "64x64", "--steps", "2", "--seed", "3"];

test("the same words and seed draw the same bytes; candidates come best first", async () => {
	const folder = newFolder();
	const draw = async (name: string, ...more: string[]) => {
		const out = join(folder, name);
		const args = ["generate", "a red rose", ...small, "--out", out, "--json", ...more];
		const { code, stdout, stderr } = await runCli(join(folder, "library"), args);
		expect(stderr).toBe("");
		expect(code).toBe(0);
		return answerSchema.parse(JSON.parse(stdout));
	};
	const first = await draw("one.png");
	expect(first.settings).toEqual({ family: "diffusion", steps: 2 });
	const several = await draw("several.png", "--count", "2");
	const [one, again, other] = ["one", "several-1", "several-2"].map((name) =>
		readFileSync(join(folder, `${name}.png`)),
	);
	expect(again).toEqual(one);
	expect(other).not.toEqual(one);
	const [best = 0, next = 0] = several.pictures.map(({ similarity }) => similarity);
	expect(best).toBeGreaterThanOrEqual(next);
	expect(readProvenance(one ?? new Uint8Array()).settings).toMatchObject({
		family: "diffusion",
		seed: 3,
	});
});

test("token by token the sampling can be said, and a family without it says so", async () => {
	const folder = newFolder();
	const library = join(folder, "library");
	const out = join(folder, "drawn.png");
	const args = ["generate", "a red rose", "--size", "64x64", "--seed", "3", "--out", out, "--json"];
	const sampling = ["--temperature", "0.5", "--top-k", "40", "--candidates", "1"];
	const drawn = await runCli(library, [...args, "--backend", "autoregressive", ...sampling]);
	expect(drawn.code).toBe(0);
	expect(readProvenance(readFileSync(out)).settings).toMatchObject({
		sampling: { temperature: 0.5, topK: 40 },
		candidates: 1,
	});
	const guided = await runCli(library, [...args, "--force", "--backend", "guided", ...sampling]);
	expect(guided.code).toBe(1);
	expect(guided.stderr).toContain("The guided generator cannot use a temperature");
	const tooMany = await runCli(library, [
		...args,
		"--backend",
		"autoregressive",
		"--top-k",
		"2000",
	]);
	expect(tooMany.stderr).toContain("whole number from 1 to 1000");
});

test("stopping it leaves no picture", async () => {
	const folder = newFolder();
	const out = join(folder, "stopped.png");
	const args = ["generate", "a red rose", "--backend", "diffusion", "--steps", "200", "--out", out];
	const child = startCli(join(folder, "library"), [...args, "--debug"]);
	const ended = resultOf(child);
	await new Promise((resolve) => setTimeout(resolve, 1500));
	child.kill("SIGINT");
	expect((await ended).code).not.toBe(0);
	expect(existsSync(out)).toBe(false);
});

test("a model in Stable Diffusion's layout is installed from its folder and draws", async () => {
	const folder = newFolder();
	const library = join(folder, "library");
	const classic = join(import.meta.dirname, "..", "fixtures", "generator", "pipelines", "classic");
	expect(await runCli(library, ["models", "install", classic])).toMatchObject({ code: 0 });
	const args = ["generate", "a red rose", ...small, "--model", "classic", "--json", "--out"];
	const { code, stdout } = await runCli(library, [...args, join(folder, "drawn.png")]);
	expect(code).toBe(0);
	const [picture] = answerSchema.parse(JSON.parse(stdout)).pictures;
	expect(picture?.packages[0]?.id).toBe("classic");
	const missing = await runCli(library, [
		...args.map((arg) => (arg === "classic" ? "gone" : arg)),
		join(folder, "none.png"),
	]);
	expect(missing.code).not.toBe(0);
	expect(missing.stderr).toContain("not installed here");
});

test("a model in Janus-Pro's layout is installed from its folder, draws, and says what was drawn with", async () => {
	const folder = newFolder();
	const library = join(folder, "library");
	const janus = join(import.meta.dirname, "..", "fixtures", "generator", "janus", "package");
	const installed = await runCli(library, ["models", "install", janus]);
	expect(installed).toMatchObject({ code: 0, stderr: "" });
	expect((await runCli(library, ["models"])).stdout).toContain("package");
	const args = ["generate", "a red rose", "--backend", "autoregressive", "--seed", "3"];
	const draw = (name: string, ...more: string[]) =>
		runCli(library, [...args, "--model", "package", ...more, "--out", join(folder, name)]);
	const { code, stdout } = await draw("one.png", "--json");
	expect(code).toBe(0);
	const answer = answerSchema.parse(JSON.parse(stdout));
	expect(answer.settings).toEqual({ family: "autoregressive", steps: 16 });
	expect(answer.pictures[0]?.packages[0]?.id).toBe("package");
	expect((await draw("two.png")).code).toBe(0);
	const [one, two] = ["one.png", "two.png"].map((name) => readFileSync(join(folder, name)));
	expect(two).toEqual(one);
	expect(readProvenance(one ?? new Uint8Array()).settings).toMatchObject({
		...{ family: "autoregressive", package: "package", width: 64, height: 64 },
	});
	const other = await draw("other.png", "--candidates", "2", "--top-k", "5", "--guidance", "3");
	expect(other.code).toBe(0);
	const avoiding = await draw("none.png", "--not", "a dog", "--guidance", "1");
	expect(avoiding.code).toBe(1);
	expect(avoiding.stderr).toContain("Without guidance this model cannot avoid anything");
	rmSync(join(`${library}-models`, "package", "onnx", "gen_head.onnx"));
	expect((await runCli(library, ["models"])).stdout).toContain("gen_head.onnx: it is missing");
});
