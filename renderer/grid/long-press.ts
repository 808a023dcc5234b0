/** @file A long press with a finger selects: there is no pointer to hover and no key to hold. */

const pressMs = 450;
const slackPx = 10;

/** Call on pointerdown; calls `onLongPress` when a finger rests, and swallows the tap that ends it. */
export function watchLongPress(down: PointerEvent, onLongPress: () => void): void {
	if (down.pointerType !== "touch" || !down.isPrimary) return;
	const stop = new AbortController();
	const options = { signal: stop.signal, capture: true };
	const timer = setTimeout(() => {
		stop.abort();
		onLongPress();
		const swallow = (event: Event) => {
			event.stopPropagation();
			event.preventDefault();
		};
		addEventListener("click", swallow, { capture: true, once: true });
		addEventListener("contextmenu", swallow, { capture: true, once: true });
		addEventListener(
			"pointerup",
			() =>
				setTimeout(() => {
					removeEventListener("click", swallow, { capture: true });
					removeEventListener("contextmenu", swallow, { capture: true });
				}, 50),
			{ once: true },
		);
	}, pressMs);
	stop.signal.addEventListener("abort", () => clearTimeout(timer));
	addEventListener(
		"pointermove",
		(event) => {
			if (Math.hypot(event.clientX - down.clientX, event.clientY - down.clientY) > slackPx)
				stop.abort();
		},
		options,
	);
	for (const name of ["pointerup", "pointercancel"] as const) {
		addEventListener(name, () => stop.abort(), options);
	}
}
