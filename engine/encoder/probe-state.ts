/** @file What the provider trials found, kept between starts so that they are made once. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { agreeingProviders } from "../../contract/agreeing-providers.ts";
import {
	type EncoderPlace,
	type ExecutionProvider,
	executionProviderSchema,
	type ProviderTrial,
	providerTrialSchema,
} from "../../contract/model.ts";
import ort from "../onnx-runtime.ts";

const format = 2;

const probeStateSchema = z.object({
	format: z.literal(format),
	/** Encoder, runtime and platform the trials were made with; any other makes them void. */
	setting: z.string(),
	trials: z.array(providerTrialSchema),
	/** Written before a provider is opened and cleared once it has worked. */
	opening: executionProviderSchema.nullable(),
});

/** Small and rarely written, hence synchronous. A file that cannot be written costs a new trial. */
export class ProbeState {
	readonly #path: string | null;
	readonly #setting: string;
	#trials: ProviderTrial[] = [];

	/** @param path of a JSON file of ours; null keeps nothing. */
	constructor(path: string | null, encoderKey: string) {
		this.#path = path;
		const runtime = ort.env.versions.node ?? ort.env.versions.common;
		this.#setting = `${encoderKey} ${runtime} ${process.platform}-${process.arch}`;
		this.#read();
	}

	/** Empty when nothing is known yet. */
	get trials(): ProviderTrial[] {
		return this.#trials;
	}

	/** Where the picture tower should run by the person's choice, as far as it can. */
	providerFor(place: EncoderPlace): ExecutionProvider {
		if (place === "cpu") return "cpu";
		if (place !== "auto" && agreeingProviders(this.#trials).includes(place)) return place;
		return this.chosen;
	}

	/** Pictures at a time that were fastest there; null where that was not measured. */
	batchSizeOn(provider: ExecutionProvider): number | null {
		return this.#trials.find((trial) => trial.provider === provider)?.batchSize ?? null;
	}

	/** The fastest that agrees; the CPU until that is known. */
	get chosen(): ExecutionProvider {
		return this.#trials.find((trial) => trial.outcome === "chosen")?.provider ?? "cpu";
	}

	record(trials: ProviderTrial[]): void {
		this.#trials = trials;
		this.#write(null);
	}

	/** Called before a provider that may take the process down is opened in it. */
	markOpening(provider: ExecutionProvider): void {
		this.#write(provider);
	}

	markWorking(): void {
		this.#write(null);
	}

	#read(): void {
		if (this.#path === null) return;
		try {
			const state = probeStateSchema.parse(JSON.parse(readFileSync(this.#path, "utf8")));
			if (state.setting !== this.#setting) return;
			this.#trials =
				state.opening === null ? state.trials : withoutCrashed(state.trials, state.opening);
		} catch {
			// Missing, damaged or of another format: the trials are made anew.
		}
	}

	#write(opening: ExecutionProvider | null): void {
		if (this.#path === null) return;
		const state = { format, setting: this.#setting, trials: this.#trials, opening };
		try {
			mkdirSync(dirname(this.#path), { recursive: true });
			writeFileSync(`${this.#path}.new`, `${JSON.stringify(state, null, "\t")}\n`);
			renameSync(`${this.#path}.new`, this.#path);
		} catch {
			// A full or read-only disk: the trials are made again next time.
		}
	}
}

function withoutCrashed(trials: ProviderTrial[], crashed: ExecutionProvider): ProviderTrial[] {
	const wasChosen = trials.some((trial) => {
		return trial.provider === crashed && trial.outcome === "chosen";
	});
	return trials.map((trial) => {
		if (trial.provider === "cpu" && wasChosen) return { ...trial, outcome: "chosen" };
		if (trial.provider !== crashed) return trial;
		const reason = "Afterimage stopped while opening it last time.";
		return { ...trial, outcome: "unavailable", reason };
	});
}
