/**
 * @file WebGPU on a graphics device that is computed: Chromium brings one (SwiftShader). It says nothing
 * of speed, and everything of whether the numbers are right.
 */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { providerTrialSchema } from "../../contract/model.ts";
import { availableProviders } from "../../engine/encoder/onnx-session.ts";
import { installed } from "../models/layout-packages.ts";

const script = fileURLToPath(new URL("../fixtures/try-webgpu.ts", import.meta.url));
/** Where Debian's Chromium keeps its Vulkan loader and driver. */
const chromiumPath = "/usr/lib/chromium";
const driver = join(chromiumPath, "vk_swiftshader_icd.json");
const there = existsSync(driver) && availableProviders().has("webgpu");

async function tryWebGpu(environment: Record<string, string>) {
	const { path } = await installed("clip");
	const { stdout } = await promisify(execFile)(process.execPath, [script, path], {
		env: { ...process.env, ...environment },
	});
	return providerTrialSchema.parse(JSON.parse(stdout));
}

test(
	there
		? "WebGPU computes what the CPU does"
		: "WebGPU is tried though this machine has no computed graphics device, and its absence is told",
	async () => {
		const trial = await tryWebGpu(
			there ? { LD_LIBRARY_PATH: chromiumPath, VK_ICD_FILENAMES: driver } : {},
		);
		expect(trial.provider).toBe("webgpu");
		if (there) {
			expect(trial.parity).toBeGreaterThan(0.99999);
			expect(trial.imagesPerSecond).toBeGreaterThan(0);
			expect(["chosen", "slower"]).toContain(trial.outcome);
		} else if (trial.outcome === "unavailable") expect(trial.reason).not.toBe("");
		else expect(trial.parity).toBeGreaterThan(0.99);
	},
);
