/**
 * @file ExifTool, which writes into photo files: found or cleanly absent, started when needed.
 *
 * It is only ever given paths of our own choosing, inside the library: a photo is copied there first. So no file
 * name can be taken for an option, and a file that it fails at is never the person's.
 */
import { constants } from "node:fs";
import { access } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";

/** A file that ExifTool cannot read or will not write. The message is a sentence for the person. */
export class ExifToolFailure extends Error {}

/** One ExifTool for as long as there is work; it ends with `close`, or by itself when the engine dies. */
export class ExifTool {
	#process: Promise<ExifToolProcess> | null = null;

	/**
	 * Runs one command and returns what it printed. Words are its options and paths, without line breaks.
	 * @throws ExifToolFailure when it complains of an error.
	 */
	async run(words: readonly string[]): Promise<string> {
		this.#process ??= start();
		return (await this.#process).run(words);
	}

	async close(): Promise<void> {
		const process = this.#process;
		this.#process = null;
		await (await process?.catch(() => null))?.close();
	}
}

interface ExifToolProcess {
	run(words: readonly string[]): Promise<string>;
	close(): Promise<void>;
}

const taskMaxMs = 120_000;

async function start(): Promise<ExifToolProcess> {
	// Only where it is needed: it brings a library of time zones along.
	const { ExifTool: Vendored, ExifToolTask } = await import("exiftool-vendored");
	class Command extends ExifToolTask<string> {
		protected override parse(printed: string, error?: Error): string {
			// Warnings do not stop it, and are for those who look after metadata.
			if (error !== undefined) throw new ExifToolFailure(asSentence(error.message));
			return printed;
		}
	}
	const tool = new Vendored({
		maxProcs: 1,
		taskRetries: 0,
		taskTimeoutMillis: taskMaxMs,
	});
	return {
		run: (words) => tool.enqueueTask(() => new Command([...words]), false),
		close: () => tool.end(true),
	};
}

/** Why photo files cannot be written on this computer, in words; null when they can. Looks, starts nothing. */
export async function whyNoExifTool(
	environment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<string | null> {
	const isWindows = process.platform === "win32";
	try {
		createRequire(import.meta.url).resolve(`exiftool-vendored.${isWindows ? "exe" : "pl"}`);
	} catch {
		return "Writing into photo files needs ExifTool, which this installation lacks. Install Afterimage again.";
	}
	// ExifTool for Windows brings its own.
	if (isWindows) return null;
	const folders = (environment.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
	for (const folder of folders) {
		const isThere = await access(join(folder, "perl"), constants.X_OK).then(
			() => true,
			() => false,
		);
		if (isThere) return null;
	}
	return "Writing into photo files needs Perl, which this computer lacks. Install it with the system's package manager (on Debian and Ubuntu: sudo apt install perl) and start Afterimage again.";
}

function asSentence(message: string): string {
	// It names the file behind a dash, which is our copy and tells the person nothing.
	const [what = ""] = message.replace(/^(Error|Warning): /, "").split(/ - (?:\/|[A-Za-z]:[\\/])/);
	const clean = what
		.replaceAll(/\p{Cc}/gu, " ")
		.trim()
		.slice(0, 200);
	return `ExifTool will not write into it (${clean}).`;
}
