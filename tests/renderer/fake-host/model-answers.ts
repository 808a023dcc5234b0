/** @file Models to choose from, in every state, where nothing is ever downloaded. */
import type { implement } from "@orpc/server";
import type { contract } from "../../../contract/contract.ts";
import {
	type InstallEvent,
	type Model,
	type ModelList,
	modelIdSchema,
} from "../../../contract/model-package.ts";

function madeUp(id: string, title: string, state: Model["state"]): Model {
	return {
		id: modelIdSchema.parse(id),
		kind: "encoder",
		title,
		licence: "MIT",
		commercialUse: true,
		sizeBytes: 153_621_508,
		dimensions: 512,
		figures: [{ name: "ImageNet", value: "63.3 %", source: "https://example.org/paper" }],
		goodFor: "Well-tried and general.",
		sources: ["https://example.org/model"],
		downloadBytes: 153_621_508,
		verified: true,
		imagesPerSecond: state.kind === "installed" ? 24.3 : null,
		state,
		pin: null,
		notUsable: null,
	};
}

const list: ModelList = {
	models: [
		madeUp("starter", "Starter", { kind: "bundled" }),
		madeUp("one", "Model one", { kind: "available", keptBytes: 0 }),
		madeUp("two", "Model two", {
			kind: "installed",
			sizeBytes: 153_621_508,
			installedAtMs: 0,
			origin: "example.org",
		}),
		madeUp("three", "Model three", { kind: "folder-only" }),
		madeUp("four", "Model four", { kind: "not-looked-up" }),
	],
	path: "/home/person/.local/share/afterimage-models",
	freeBytes: 90_000_000_000,
	host: "example.org",
	mirror: null,
};

export function modelAnswers({ model }: ReturnType<typeof implement<typeof contract>>) {
	return {
		list: model.list.handler(() => list),
		lookUp: model.lookUp.handler(({ input }) => ({
			...madeUp(input.id, "Model four", { kind: "available", keptBytes: 0 }),
			verified: false,
			pin: {
				host: "example.org",
				revision: "0".repeat(40),
				licence: "mit",
				lookedUpAtMs: 0,
				files: 5,
			},
		})),
		install: model.install.handler(async function* (): AsyncGenerator<InstallEvent> {
			yield { phase: "installed" };
		}),
		cancel: model.cancel.handler(() => undefined),
		installFolder: model.installFolder.handler(() => ({ id: modelIdSchema.parse("two") })),
		remove: model.remove.handler(() => ({ freedBytes: 153_621_508 })),
		setMirror: model.setMirror.handler(() => list),
	};
}
