extends RefCounted
## A script of the page's as the game has it in its pack: for a page that has not loaded it.

## Behind the script's name, in the pack.
const ENDING: String = ".gz"


## What goes into the pack, which nothing compresses on its way to the player.
static func pack(script: PackedByteArray) -> PackedByteArray:
	return script.compress(FileAccess.COMPRESSION_GZIP)


## Runs the script in the page, if the game has it and the page allows that, and gives what it is found by; null where there is none.
static func run(path: String, name: String) -> JavaScriptObject:
	var packed: PackedByteArray = FileAccess.get_file_as_bytes(path + ENDING)
	if not packed.is_empty():
		JavaScriptBridge.eval(packed.decompress_dynamic(-1, FileAccess.COMPRESSION_GZIP).get_string_from_utf8(), true)
	return JavaScriptBridge.get_interface(name)
