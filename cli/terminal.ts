/** @file Standard output and error: results on the one, everything else on the other. */

/** A line of the command's result. */
export function printLine(line: string): void {
	process.stdout.write(`${line}\n`);
}

/** A result for scripts: one JSON value on one line. */
export function printJson(value: unknown): void {
	printLine(JSON.stringify(value));
}

/** A remark for the person that is no part of the result. */
export function remark(line: string): void {
	process.stderr.write(`${line}\n`);
}

/** A line that is overwritten by the next; nothing at all where nobody watches. */
export class ProgressLine {
	#shown = false;

	show(line: string): void {
		if (!process.stderr.isTTY) return;
		const width = Math.max(20, process.stderr.columns || 80);
		process.stderr.write(`\r\u001b[2K${line.slice(0, width - 1)}`);
		this.#shown = true;
	}

	/** Removes the line, so that what follows starts on a clean one. */
	clear(): void {
		if (this.#shown) process.stderr.write("\r\u001b[2K");
		this.#shown = false;
	}
}

/** Everything written so far has left the process. */
export async function flushOutput(): Promise<void> {
	await Promise.all(
		[process.stdout, process.stderr].map(
			(stream) =>
				new Promise<void>((resolve) => {
					if (stream.destroyed || !stream.writable) resolve();
					else stream.write("", () => resolve());
				}),
		),
	);
}
