@tool
extends RefCounted
## Puts the script with the SDK beside an exported page and into it, and beside it what that loads later.

const Packed = preload("../web/packed_script.gd")
const Settings = preload("../core/settings.gd")

## The script's name beside the page.
const FILE: String = "agentvm-godot.js"
## The script inside the addon.
const SOURCE: String = "res://addons/agentvm/web/agentvm-godot.js"
## What the page loads beside it once an endpoint is [code]mock://[/code]: the embedded backend.
const BACKEND: String = "res://addons/agentvm/web/agentvm-godot-backend.js"
## What the page loads beside these once an endpoint names a file of scripts: no part of the game, so that other games do not pay for it.
const SCRIPTS: String = "res://addons/agentvm/web/agentvm-godot-scripts.js"
const TAG: String = "<script src=\"%s\"></script>\n"
## Where the engine's progressive web app lists what it keeps for offline use.
const WORKER_LIST: String = "const CACHED_FILES = ["


## The script and the embedded backend as the game has them in its pack, by their paths there.
static func packed() -> Dictionary[String, PackedByteArray]:
	var files: Dictionary[String, PackedByteArray] = {}
	for source: String in [SOURCE, BACKEND] as Array[String]:
		files[source + Packed.ENDING] = Packed.pack(FileAccess.get_file_as_bytes(source))
	return files


## What the addon lacks of what a page needs; empty where it is whole.
static func missing() -> String:
	for source: String in [SOURCE, BACKEND, SCRIPTS] as Array[String]:
		if not FileAccess.file_exists(source):
			return source
	return ""


## Adds the script to a page. Returns what went wrong, for a person; nothing when nothing did.
static func add_to(page: String) -> String:
	var folder: String = page.get_base_dir()
	for source: String in [SOURCE, BACKEND, SCRIPTS] as Array[String]:
		var name: String = source.get_file()
		var problem: Error = DirAccess.copy_absolute(ProjectSettings.globalize_path(source), folder.path_join(name))
		if problem != OK:
			return "%s could not be copied beside the page: %s." % [name, error_string(problem)]
	var html: String = FileAccess.get_file_as_string(page)
	if not html.contains(FILE):
		var head_end: int = html.findn("</head>")
		if head_end < 0:
			return (
				"%s has no </head>, so it does not load %s. Add %s to your HTML shell, before the engine starts."
				% [page.get_file(), FILE, (TAG % FILE).strip_edges()]
			)
		if not _write(page, html.insert(head_end, TAG % FILE)):
			return "%s could not be written." % page.get_file()
	return _add_to_worker(page.get_basename() + ".service.worker.js")


static func _add_to_worker(worker: String) -> String:
	if not FileAccess.file_exists(worker):
		return ""
	var source: String = FileAccess.get_file_as_string(worker)
	if source.contains(FILE):
		return ""
	var list: int = source.find(WORKER_LIST)
	if list < 0:
		return "%s has no list of cached files, so %s is not kept for offline use." % [worker.get_file(), FILE]
	var names: String = ""
	for name: String in _kept_offline():
		names += "\"%s\"," % name
	if not _write(worker, source.insert(list + WORKER_LIST.length(), names)):
		return "%s could not be written." % worker.get_file()
	return ""


## What a page of this project's endpoint loads. Of the others, which a script of the game may name, the backend is in the pack.
static func _kept_offline() -> PackedStringArray:
	var endpoint: String = Settings.web_endpoint()
	var names: PackedStringArray = [FILE]
	if endpoint.begins_with(Settings.WEB_ENDPOINT):
		names.append(BACKEND.get_file())
		if endpoint.contains("script="):
			names.append(SCRIPTS.get_file())
	return names


static func _write(path: String, text: String) -> bool:
	var file: FileAccess = FileAccess.open(path, FileAccess.WRITE)
	return file != null and file.store_string(text)
