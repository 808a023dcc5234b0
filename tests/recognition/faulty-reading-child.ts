/** @file A reading process that misbehaves: how is the picture's width. */
process.on("message", (message: { picture: { width: number } }) => {
	if (message.picture.width === 1) process.exit(3);
	if (message.picture.width === 2) process.send?.({ kind: "nonsense" });
	// A width of 3 hangs.
	if (message.picture.width === 4) process.send?.({ kind: "read", lines: [] });
});
