@tool
extends EditorExportPlugin
## Makes an export complete: in a web export the page loads the script with the SDK, and finds the embedded
## backend where it needs one, and in every export the API key stays at home unless the project wants otherwise.

const PageScript = preload("page_script.gd")
const Settings = preload("../core/settings.gd")

const CATEGORY: String = "AgentVM"

var _path: String = ""
var _is_web: bool = false
var _began_at: int = 0
var _kept_keys: Dictionary[String, Variant] = {}


func _get_name() -> String:
	return "AgentVM"


func _export_begin(features: PackedStringArray, _is_debug: bool, path: String, _flags: int) -> void:
	_restore_keys()
	_path = path
	_is_web = features.has("web")
	_began_at = int(Time.get_unix_time_from_system())
	_blank_keys()
	if not _is_web:
		return
	var missing: String = PageScript.missing()
	if not missing.is_empty():
		_warn("%s is missing, so this export cannot reach any agents. Install the addon again." % missing)
		return
	var packed: Dictionary[String, PackedByteArray] = PageScript.packed()
	for inside: String in packed:
		add_file(inside, packed[inside], false)


func _export_end() -> void:
	_restore_keys()
	if not _is_web or not PageScript.missing().is_empty():
		return
	var page: String = _path
	if page.is_relative_path():
		page = ProjectSettings.globalize_path("res://").path_join(page)
	# A pack or a zip has no page, and an export that failed has not written one.
	if page.get_extension().to_lower() != "html" or not FileAccess.file_exists(page):
		return
	if FileAccess.get_modified_time(page) < _began_at - 1:
		return
	var problem: String = PageScript.add_to(page)
	if problem.is_empty():
		print("AgentVM: %s loads %s." % [page.get_file(), PageScript.FILE])
	else:
		_warn(problem)


func _blank_keys() -> void:
	if Settings.read_flag(Settings.SHIP_API_KEY):
		if not Settings.read_text(Settings.API_KEY).is_empty():
			_warn("agentvm/export/ship_api_key is on: anybody who has this export can read the API key in it.")
		return
	for property: Dictionary in ProjectSettings.get_property_list():
		var setting: String = property["name"]
		if setting != Settings.API_KEY and not setting.begins_with(Settings.API_KEY + "."):
			continue
		if str(ProjectSettings.get_setting(setting)).is_empty():
			continue
		_kept_keys[setting] = ProjectSettings.get_setting(setting)
		ProjectSettings.set_setting(setting, "")
	if not _kept_keys.is_empty():
		print("AgentVM: the API key is left out of this export. agentvm/export/ship_api_key would put it in.")


func _restore_keys() -> void:
	for setting: String in _kept_keys:
		ProjectSettings.set_setting(setting, _kept_keys[setting])
	_kept_keys.clear()


func _warn(message: String) -> void:
	push_warning("AgentVM: %s" % message)
	var platform: EditorExportPlatform = get_export_platform()
	if platform != null:
		platform.add_message(EditorExportPlatform.EXPORT_MESSAGE_WARNING, CATEGORY, message)
