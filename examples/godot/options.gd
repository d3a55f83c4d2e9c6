extends RefCounted
## What the page's address or the command line names: [code]?endpoint=…&bench=100[/code], or
## [code]-- endpoint=… bench=100[/code].

var _values: Dictionary[String, String] = {}


func _init() -> void:
	var pairs: PackedStringArray = OS.get_cmdline_user_args()
	if OS.has_feature("web"):
		# Not by eval, which a page may forbid.
		var address: JavaScriptObject = JavaScriptBridge.get_interface("location")
		pairs = str(address.search).trim_prefix("?").split("&", false)
	for pair: String in pairs:
		var end: int = pair.find("=")
		if end > 0:
			_values[pair.left(end)] = pair.substr(end + 1).uri_decode()


## An option; empty when it is not named.
func text(name: String) -> String:
	return _values[name] if _values.has(name) else ""


## An option that is a whole number.
func number(name: String) -> int:
	return text(name).to_int()
