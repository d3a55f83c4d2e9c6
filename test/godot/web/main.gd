extends Node2D
## Does what the page's address or the command line names, and says when it is done.

const Cases = preload("res://cases.gd")
const Scenario = preload("res://scenario.gd")
const Tomorrow = preload("res://tomorrow.gd")


func _ready() -> void:
	var wanted: Dictionary = _wanted()
	match str(wanted.get("run", "")):
		"scenario":
			var scenario: Scenario = Scenario.new()
			add_child(scenario)
			await scenario.run(str(wanted.get("endpoint", "")), str(wanted.get("key", "")))
		"tomorrow":
			var tomorrow: Tomorrow = Tomorrow.new()
			add_child(tomorrow)
			await tomorrow.run(str(wanted["endpoint"]), str(wanted["key"]), str(wanted["control"]))
		var name:
			var cases: Cases = Cases.new()
			add_child(cases)
			if cases.has_method(name):
				await cases.call(name, wanted)
			else:
				print("there is nothing named ", name)
	print("the run is over")
	if not OS.has_feature("web"):
		get_tree().quit()


func _wanted() -> Dictionary:
	var pairs: PackedStringArray = OS.get_cmdline_user_args()
	if OS.has_feature("web"):
		# Not by eval, which a page may forbid.
		var address: JavaScriptObject = JavaScriptBridge.get_interface("location")
		@warning_ignore("unsafe_property_access")
		pairs = str(address.search).trim_prefix("?").split("&", false)
	var wanted: Dictionary = {}
	for pair: String in pairs:
		wanted[pair.get_slice("=", 0)] = pair.substr(pair.find("=") + 1).uri_decode()
	return wanted
