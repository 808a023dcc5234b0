/** @file A long press with a finger asks for the menu: there is no second button and no menu key. */

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
		const ended = new AbortController();
		for (const name of ["pointerup", "pointercancel"] as const) {
			addEventListener(
				name,
				() => {
					ended.abort();
					setTimeout(() => {
						removeEventListener("click", swallow, { capture: true });
						removeEventListener("contextmenu", swallow, { capture: true });
					}, 50);
				},
				{ signal: ended.signal },
			);
		}
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

/** Asks for the menu where the finger is, as a second button would. */
export function askForMenu({
	target,
	clientX,
	clientY,
}: Pick<PointerEvent, "target" | "clientX" | "clientY">): void {
	target?.dispatchEvent(
		new MouseEvent("contextmenu", { bubbles: true, cancelable: true, clientX, clientY }),
	);
}
