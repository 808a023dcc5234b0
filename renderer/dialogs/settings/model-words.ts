/** @file The search model's workings in words: where it runs, how fast, and how that was decided. */
import { agreeingProviders } from "../../../contract/agreeing-providers.ts";
import { assertNever } from "../../../contract/errors.ts";
import type {
	EncoderPlace,
	EncoderStatus,
	ExecutionProvider,
	ProviderTrial,
} from "../../../contract/model.ts";
import type { InstallEvent, Model } from "../../../contract/model-package.ts";
import { byteSizeInWords } from "../../viewer/photo-facts.ts";

const providers: Record<ExecutionProvider, string> = {
	coreml: "Apple neural engine (CoreML)",
	dml: "graphics card (DirectML)",
	cuda: "NVIDIA graphics card (CUDA)",
	webgpu: "graphics card (WebGPU)",
	cpu: "processor (CPU)",
};

/** Such as `processor (CPU)`. */
export function providerName(provider: ExecutionProvider): string {
	return providers[provider];
}

/** Such as `98 pictures a second`, `2.4 pictures a second`. */
export function speedInWords(imagesPerSecond: number): string {
	const shown = imagesPerSecond >= 10 ? Math.round(imagesPerSecond) : roundTo(imagesPerSecond, 1);
	return `${shown} ${shown === 1 ? "picture" : "pictures"} a second`;
}

/** One line on where the model runs now. */
export function whereItRuns(encoder: EncoderStatus): string {
	switch (encoder.state) {
		case "idle":
			return "Not loaded yet; it loads when it is first needed.";
		case "loading":
			return "Loading, and trying where it runs fastest.";
		case "failed":
			return encoder.problem ?? "It cannot be loaded.";
		case "ready": {
			if (encoder.provider === null) return "Ready.";
			const trial = encoder.trials.find(({ provider }) => provider === encoder.provider);
			const place = `Runs on the ${providerName(encoder.provider)}`;
			const speed = trial?.imagesPerSecond ?? null;
			return speed === null ? place : `${place} · ${speedInWords(speed)}`;
		}
		default:
			return assertNever(encoder.state);
	}
}

/** The places a person may choose from, the automatic choice first. */
export function placeChoices(encoder: EncoderStatus): { place: EncoderPlace; name: string }[] {
	const { place, trials } = encoder;
	const places = new Set<ExecutionProvider>(["cpu", ...agreeingProviders(trials)]);
	// A choice made before the trials, or on another computer, is shown as well.
	if (place !== "auto") places.add(place);
	return [
		{ place: "auto", name: "Automatic: the fastest that agrees" },
		...[...places].map((found) => ({ place: found, name: capitalised(providerName(found)) })),
	];
}

/** Why the encoder does not run where it should; null where nothing is amiss. */
export function lostInWords({ lost, place, provider }: EncoderStatus): string | null {
	if (lost !== null) {
		return `The ${providerName(lost.provider)} stopped working, so the processor took over. No photo was left out. It is tried again when Afterimage starts, or when you choose it here.`;
	}
	if (place === "auto" || place === "cpu" || provider === null || provider === place) return null;
	return `The ${providerName(place)} was not found to calculate rightly here, so the automatic choice serves.`;
}

function capitalised(words: string): string {
	return words.charAt(0).toUpperCase() + words.slice(1);
}

/**
 * What became of trying one place.
 * @param inUse the encoder runs there now
 */
export function trialOutcome(trial: ProviderTrial, inUse: boolean): string {
	const speed = trial.imagesPerSecond === null ? null : speedInWords(trial.imagesPerSecond);
	if (inUse) return speed === null ? "In use" : `In use · ${speed}`;
	switch (trial.outcome) {
		case "chosen":
			return speed === null ? "Fastest" : `Fastest · ${speed}`;
		case "slower":
			return speed === null ? "Slower" : `Slower · ${speed}`;
		case "disagrees":
			return "Not used: it calculates something else";
		case "unavailable":
			return "Not available on this computer";
		default:
			return assertNever(trial.outcome);
	}
}

/** How closely a place agrees with the processor, for those who want to know; null if it did not run. */
export function parityInWords(parity: number | null): string | null {
	if (parity === null) return null;
	// Rounding up would claim an agreement that is not there.
	const shown = parity >= 1 ? "1" : (Math.floor(parity * 1e6) / 1e6).toString();
	return `lowest cosine similarity to the processor's result: ${shown}`;
}

function roundTo(value: number, decimals: number): number {
	const power = 10 ** decimals;
	return Math.round(value * power) / power;
}

/** Licence, size and dimensions in one line; says what is not known. */
export function modelFacts(model: Model): string {
	const licence = model.licence ?? "Licence not known here";
	const use =
		model.commercialUse === null
			? "commercial use not checked"
			: model.commercialUse
				? "commercial use allowed"
				: "no commercial use";
	// Some licences say it in their name.
	const parts = [/commercial/i.test(licence) ? licence : `${licence}, ${use}`];
	if (model.sizeBytes !== null) parts.push(byteSizeInWords(model.sizeBytes));
	else if (model.state.kind === "not-looked-up") parts.push("size known once looked up");
	if (model.dimensions !== null) parts.push(`${model.dimensions} dimensions`);
	if (model.state.kind === "available" && !model.verified) {
		const which = model.pin === null ? "some checksums" : "checksums";
		parts.push(`${which} unverified: the hub’s own are taken`);
	}
	return parts.join(" · ");
}

/** What the hub said when it was asked; null where nobody asked. */
export function pinInWords({ pin, downloadBytes }: Model): string | null {
	if (pin === null) return null;
	const licence = pin.licence === null ? "no licence named" : `licence ${pin.licence}`;
	const files = pin.files === 1 ? "1 file" : `${pin.files} files`;
	return `By ${pin.host}: ${byteSizeInWords(downloadBytes)} in ${files}, ${licence}, revision ${pin.revision.slice(0, 10)}. A download brings exactly that.`;
}

/** Where an installed model came from and how fast it is here. */
export function installedInWords({ state, imagesPerSecond }: Model): string | null {
	if (state.kind === "bundled") return "Came with the app.";
	if (state.kind !== "installed") return null;
	const from =
		state.origin === "folder" ? "Installed from a folder" : `Installed from ${state.origin}`;
	return imagesPerSecond === null
		? `${from}.`
		: `${from}; ${speedInWords(imagesPerSecond)} on this computer’s processor.`;
}

/** What a click will fetch, and from where. */
export function installLabel(model: Model, host: string): string {
	const kept = model.state.kind === "available" ? model.state.keptBytes : 0;
	const left = byteSizeInWords(Math.max(0, model.downloadBytes - kept));
	return kept > 0 ? `Go on: ${left} from ${host}` : `Download ${left} from ${host}`;
}

/** How an install is coming along. */
export function installInWords(event: InstallEvent): string {
	switch (event.phase) {
		case "downloading": {
			const done = `${byteSizeInWords(event.doneBytes)} of ${byteSizeInWords(event.totalBytes)}`;
			if (event.secondsLeft === null) return done;
			const seconds = Math.ceil(event.secondsLeft);
			const left = seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
			return `${done} · ${left} left`;
		}
		case "waiting":
			return `${event.reason} Trying again in ${event.seconds} s.`;
		case "checking":
			return "Checking the files";
		case "installed":
			return "Installed";
		case "cancelled":
			return "Stopped";
		case "failed":
			return event.message;
		default:
			return assertNever(event);
	}
}
