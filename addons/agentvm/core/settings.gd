@tool
extends RefCounted
## The project settings under [code]agentvm/[/code]: what there is, and what a game reads of them.
##
## The editor does not write a setting that has its default value, so the defaults are here for games too.

const Wire = preload("wire.gd")

const ENDPOINT: String = "agentvm/connection/endpoint"
const WEBSOCKET_URL: String = "agentvm/connection/websocket_url"
const API_KEY: String = "agentvm/connection/api_key"
const ENVIRONMENT: String = "agentvm/connection/environment"
const AUTO_CONNECT: String = "agentvm/connection/auto_connect"
const KEEP: String = "agentvm/connection/keep"
const TIMEOUT_SECONDS: String = "agentvm/connection/timeout_seconds"
const DEFAULT_TYPE: String = "agentvm/agents/default_type"
const AUTO_SPAWN: String = "agentvm/agents/auto_spawn"
const MINIMUM_IDLE: String = "agentvm/agents/minimum_idle"
const VISUAL_QUALITY: String = "agentvm/display/visual_quality"
const PARTICLES: String = "agentvm/display/particles"
const ANIMATIONS: String = "agentvm/display/animations"
const UPDATE_FREQUENCY: String = "agentvm/display/update_frequency"
const SHIP_API_KEY: String = "agentvm/export/ship_api_key"

## The endpoint of an empty setting: in a web export, and elsewhere.
const WEB_ENDPOINT: String = "mock://"
const NATIVE_ENDPOINT: String = "http://localhost:8000"
## The key that a server of this package knows when it was told no other.
const DEVELOPMENT_KEY: String = "development-key"
## Where the first plugin kept what is now in the project settings.
const OLD_CONFIG: String = "res://addons/agentvm/config.ini"

## Every setting: its default, what the editor's inspector needs, and what it means.
const DEFINITIONS: Array[Dictionary] = [
	{
		"name": ENDPOINT,
		"default": "",
		"type": TYPE_STRING,
		"hint": PROPERTY_HINT_PLACEHOLDER_TEXT,
		"hint_string": "http://localhost:8000",
		"basic": true,
		"description":
		(
			"Address of the AgentVM server, or mock:// for the backend that is embedded in a web export"
			+ " (mock://?seed=7&speed=20 sets its seed and the speed of its clock). Empty: mock:// in a web"
			+ " export, http://localhost:8000 everywhere else."
		),
	},
	{
		"name": API_KEY,
		"default": "",
		"type": TYPE_STRING,
		"hint": PROPERTY_HINT_PASSWORD,
		"hint_string": "",
		"basic": true,
		"description":
		(
			"Key for the server. Empty: development-key, which agentvm serve and mock:// know. It is stored"
			+ " readable in project.godot; an export leaves it out unless agentvm/export/ship_api_key is on."
		),
	},
	{
		"name": ENVIRONMENT,
		"default": "development",
		"type": TYPE_STRING,
		"hint": PROPERTY_HINT_ENUM,
		"hint_string": "development,staging,production",
		"basic": true,
		"description": "In production an http:// endpoint that is not this machine is refused.",
	},
	{
		"name": AUTO_CONNECT,
		"default": true,
		"type": TYPE_BOOL,
		"hint": PROPERTY_HINT_NONE,
		"hint_string": "",
		"basic": true,
		"description":
		(
			"Whether the autoload AgentVM connects by itself when the game starts, and keeps trying until a"
			+ " server is there. It does not where the scene has an AgentVMManager of its own."
		),
	},
	{
		"name": KEEP,
		"default": false,
		"type": TYPE_BOOL,
		"hint": PROPERTY_HINT_NONE,
		"hint_string": "",
		"basic": false,
		"description":
		(
			"Whether the game stays on the server when it is quit, with its agents and their tasks. Off: they go half"
			+ " a minute later. To find it again, keep AgentVM.game_id and set it before connecting."
		),
	},
	{
		"name": TIMEOUT_SECONDS,
		"default": 30.0,
		"type": TYPE_FLOAT,
		"hint": PROPERTY_HINT_RANGE,
		"hint_string": "0.5,600,0.5,or_greater,suffix:s",
		"basic": false,
		"description": "Seconds after which a call is given up, all its tries together.",
	},
	{
		"name": WEBSOCKET_URL,
		"default": "",
		"type": TYPE_STRING,
		"hint": PROPERTY_HINT_PLACEHOLDER_TEXT,
		"hint_string": "wss://events.example.com/ws",
		"basic": false,
		"description":
		(
			"Address of the event stream, where it is not beside agentvm/connection/endpoint. It goes with that"
			+ " setting alone: an endpoint that a script names has its stream beside it."
		),
	},
	{
		"name": DEFAULT_TYPE,
		"default": "aider",
		"type": TYPE_STRING,
		"hint": PROPERTY_HINT_ENUM_SUGGESTION,
		"hint_string": "aider,opencode,claude,custom",
		"basic": true,
		"description": "Type of the agents that are created without naming one.",
	},
	{
		"name": AUTO_SPAWN,
		"default": true,
		"type": TYPE_BOOL,
		"hint": PROPERTY_HINT_NONE,
		"hint_string": "",
		"basic": true,
		"description":
		"Whether the autoload AgentVM creates agents when fewer than agentvm/agents/minimum_idle are idle.",
	},
	{
		"name": MINIMUM_IDLE,
		"default": 2,
		"type": TYPE_INT,
		"hint": PROPERTY_HINT_RANGE,
		"hint_string": "0,100,1",
		"basic": true,
		"description": "Idle agents that the autoload keeps ready, as far as the server's limit allows.",
	},
	{
		"name": VISUAL_QUALITY,
		"default": "medium",
		"type": TYPE_STRING,
		"hint": PROPERTY_HINT_ENUM,
		"hint_string": "low,medium,high",
		"basic": true,
		"description": "How much AgentNPC3D and AgentNPC2D draw, and to what distance.",
	},
	{
		"name": PARTICLES,
		"default": true,
		"type": TYPE_BOOL,
		"hint": PROPERTY_HINT_NONE,
		"hint_string": "",
		"basic": true,
		"description": "Whether agents give off particles while they code.",
	},
	{
		"name": ANIMATIONS,
		"default": true,
		"type": TYPE_BOOL,
		"hint": PROPERTY_HINT_NONE,
		"hint_string": "",
		"basic": true,
		"description": "Whether agents bob, lift and walk smoothly. Off: they change at once.",
	},
	{
		"name": UPDATE_FREQUENCY,
		"default": 10.0,
		"type": TYPE_FLOAT,
		"hint": PROPERTY_HINT_RANGE,
		"hint_string": "1,60,1,suffix:Hz",
		"basic": false,
		"description":
		"Times a second at which events come in from the embedded backend and queued positions go out.",
	},
	{
		"name": SHIP_API_KEY,
		"default": false,
		"type": TYPE_BOOL,
		"hint": PROPERTY_HINT_NONE,
		"hint_string": "",
		"basic": false,
		"description":
		(
			"Whether an export contains agentvm/connection/api_key. Anybody who has the game can read it"
			+ " then, so use a key that may do little."
		),
	},
]


## The value of a setting, with the project's overrides by platform, else its default.
static func read(name: String) -> Variant:
	var fallback: Variant = null
	for definition: Dictionary in DEFINITIONS:
		if definition["name"] == name:
			fallback = definition["default"]
	if not is_given(name):
		return fallback
	var value: Variant = ProjectSettings.get_setting_with_override(name)
	if fallback is float and value is int:
		return Wire.number(value)
	return value if typeof(value) == typeof(fallback) else fallback


## Whether the project has the setting, or an override of it such as [code]endpoint.web[/code].
static func is_given(name: String) -> bool:
	if ProjectSettings.has_setting(name):
		return true
	for property: Dictionary in ProjectSettings.get_property_list():
		if str(property["name"]).begins_with(name + "."):
			return true
	return false


## A setting that is a text.
static func read_text(name: String) -> String:
	return Wire.text(read(name))


## A setting that is a number.
static func read_number(name: String) -> float:
	return Wire.number(read(name))


## A setting that is a whole number.
static func read_integer(name: String) -> int:
	return Wire.integer(read(name))


## A setting that is on or off.
static func read_flag(name: String) -> bool:
	return read(name) == true


## The endpoint to use when a game names none.
static func endpoint() -> String:
	var given: String = read_text(ENDPOINT)
	if not given.is_empty():
		return given
	given = _old("api", "url")
	if not given.is_empty():
		return given
	return WEB_ENDPOINT if OS.has_feature("web") else NATIVE_ENDPOINT


## The endpoint of this project's web export, as the editor knows it.
static func web_endpoint() -> String:
	var given: String = Wire.text(ProjectSettings.get_setting(ENDPOINT + ".web", ""))
	if given.is_empty():
		given = Wire.text(ProjectSettings.get_setting(ENDPOINT, ""))
	if given.is_empty():
		given = _old("api", "url")
	return WEB_ENDPOINT if given.is_empty() else given


## The key to use when a game names none.
static func api_key() -> String:
	var given: String = read_text(API_KEY)
	if not given.is_empty():
		return given
	given = _old("api", "key")
	return DEVELOPMENT_KEY if given.is_empty() else given


## The type of agent to use when a game names none.
static func default_type() -> String:
	if not is_given(DEFAULT_TYPE):
		var old: String = _old("agent", "default")
		if not old.is_empty():
			return old
	return read_text(DEFAULT_TYPE)


static func _old(section: String, key: String) -> String:
	if not FileAccess.file_exists(OLD_CONFIG):
		return ""
	var file: ConfigFile = ConfigFile.new()
	if file.load(OLD_CONFIG) != OK:
		return ""
	var value: String = Wire.text(file.get_value(section, key, ""))
	if not value.is_empty():
		push_warning(
			(
				"AgentVM: %s is deprecated. Set agentvm/connection/endpoint, agentvm/connection/api_key and"
				+ " agentvm/agents/default_type in the project settings, then delete it."
			)
			% OLD_CONFIG
		)
	return value
