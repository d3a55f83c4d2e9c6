@tool
extends EditorPlugin
## Puts AgentVM into the editor: its settings, the autoload, the dock, and what web exports need.

const Dock = preload("editor/dock.gd")
const ExportPlugin = preload("editor/export_plugin.gd")
const Settings = preload("core/settings.gd")

const AUTOLOAD: String = "AgentVM"
const AUTOLOAD_PATH: String = "res://addons/agentvm/agentvm_autoload.gd"

var _dock: Dock = null
var _export_plugin: ExportPlugin = null


func _enter_tree() -> void:
	_define_settings()
	_export_plugin = ExportPlugin.new()
	add_export_plugin(_export_plugin)
	_dock = Dock.new()
	_dock.name = "AgentVM"
	add_control_to_dock(DOCK_SLOT_RIGHT_BL, _dock)


func _exit_tree() -> void:
	if _dock != null:
		remove_control_from_docks(_dock)
		_dock.queue_free()
		_dock = null
	if _export_plugin != null:
		remove_export_plugin(_export_plugin)
		_export_plugin = null


func _enable_plugin() -> void:
	add_autoload_singleton(AUTOLOAD, AUTOLOAD_PATH)


func _disable_plugin() -> void:
	remove_autoload_singleton(AUTOLOAD)


func _define_settings() -> void:
	for definition: Dictionary in Settings.DEFINITIONS:
		var setting: String = definition["name"]
		if not ProjectSettings.has_setting(setting):
			ProjectSettings.set_setting(setting, definition["default"])
		ProjectSettings.set_initial_value(setting, definition["default"])
		ProjectSettings.add_property_info(
			{
				"name": setting,
				"type": definition["type"],
				"hint": definition["hint"],
				"hint_string": definition["hint_string"],
			}
		)
		ProjectSettings.set_as_basic(setting, definition["basic"] == true)
