/** @file Full screen, in which the bar leaves while nothing moves. */

const idleAfterMs = 2500;

export class FullScreen {
	#on = $state(false);
	#idle = $state(false);
	#timer: ReturnType<typeof setTimeout> | undefined;
	readonly #onRefused: () => void;

	/** @param onRefused the browser does not allow it here */
	constructor(onRefused: () => void) {
		this.#onRefused = onRefused;
	}

	get on(): boolean {
		return this.#on;
	}

	/** True when nothing has moved for a while. */
	get idle(): boolean {
		return this.#idle;
	}

	toggle(): void {
		const change =
			document.fullscreenElement === null
				? document.documentElement.requestFullscreen()
				: document.exitFullscreen();
		change.catch(this.#onRefused);
	}

	/** The browser has changed it. */
	changed(): void {
		this.#on = document.fullscreenElement !== null;
		this.stir();
	}

	/** Something moves. */
	stir(): void {
		this.#idle = false;
		clearTimeout(this.#timer);
		if (this.#on) this.#timer = setTimeout(() => (this.#idle = true), idleAfterMs);
	}

	dispose(): void {
		clearTimeout(this.#timer);
		if (document.fullscreenElement !== null) void document.exitFullscreen();
	}
}
