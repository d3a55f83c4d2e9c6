@tool
extends RefCounted
## An endpoint, taken apart and checked.

## The address of the embedded backend.
const MOCK_SCHEME: String = "mock://"

## What is wrong with it; null when it can be used.
var error: AgentVMError = null
## Whether it is the embedded backend.
var is_mock: bool = false
## Whether the connection is encrypted.
var is_secure: bool = false
## The host, without brackets.
var host: String = ""
## The port.
var port: int = 0
## What stands before each path; empty or beginning with a slash.
var base_path: String = ""


## Takes an endpoint apart. In the environment [code]production[/code] nothing unencrypted leaves
## this machine.
func _init(text: String = "", environment: String = "") -> void:
	_read(text.strip_edges(), environment)


## The address of the event stream: beside the calls.
func stream_url() -> String:
	return "%s/ws" % as_stream()


## The same address for a WebSocket.
func as_stream() -> String:
	return "ws%s" % str(self).trim_prefix("http")


## Whether a host is this machine.
static func is_loopback(name: String) -> bool:
	return (
		name == "localhost"
		or name.ends_with(".localhost")
		or name == "::1"
		or (name.begins_with("127.") and name.is_valid_ip_address())
	)


## The endpoint as it may be shown: it holds no secrets.
func _to_string() -> String:
	if is_mock:
		return "mock://"
	return "%s://%s:%d%s" % ["https" if is_secure else "http", _host_in_url(), port, base_path]


func _read(text: String, environment: String) -> void:
	if text.begins_with(MOCK_SCHEME):
		is_mock = true
		return
	var rest: String = ""
	if text.to_lower().begins_with("https://"):
		is_secure = true
		rest = text.substr(8)
	elif text.to_lower().begins_with("http://"):
		rest = text.substr(7)
	else:
		_refuse("it does not begin with http:// or https://")
		return
	if rest.contains("?") or rest.contains("#"):
		_refuse("it has a query or a fragment")
		return
	var slash: int = rest.find("/")
	var authority: String = rest if slash < 0 else rest.left(slash)
	base_path = "" if slash < 0 else rest.substr(slash).rstrip("/")
	if authority.contains("@"):
		_refuse("it holds a user name or a password")
		return
	if not _read_authority(authority):
		return
	for character: String in base_path:
		if character <= " ":
			_refuse("its path has a space")
			return
	if environment == "production" and not is_secure and not is_loopback(host):
		error = AgentVMError.create(
			"insecure_endpoint",
			"In production nothing is sent unencrypted, and this endpoint is http://.",
			"Use an https:// endpoint, or another agentvm/connection/environment.",
		)


func _read_authority(authority: String) -> bool:
	var name: String = authority
	var digits: String = ""
	if authority.begins_with("["):
		var bracket: int = authority.find("]")
		if bracket < 0:
			return _refuse("its address lacks a bracket")
		name = authority.substr(1, bracket - 1)
		var tail: String = authority.substr(bracket + 1)
		if not tail.is_empty() and not tail.begins_with(":"):
			return _refuse("its port cannot be read")
		digits = tail.trim_prefix(":")
	elif authority.contains(":"):
		name = authority.get_slice(":", 0)
		digits = authority.substr(name.length() + 1)
		if digits.is_empty():
			return _refuse("its port is missing")
	if name.is_empty():
		return _refuse("it names no host")
	for character: String in name:
		if character <= " " or "\\<>^`{|}%".contains(character):
			return _refuse("its host has a character that no host has")
	if digits.is_empty():
		port = 443 if is_secure else 80
	elif not digits.is_valid_int():
		return _refuse("its port is no number")
	else:
		port = digits.to_int()
	if port < 1 or port > 65535:
		return _refuse("its port is not between 1 and 65535")
	host = name
	return true


func _refuse(why: String) -> bool:
	error = AgentVMError.create(
		"invalid_endpoint",
		"The endpoint cannot be used: %s." % why,
		"Write it like http://localhost:8000, or mock:// in a web export.",
	)
	return false


func _host_in_url() -> String:
	return "[%s]" % host if host.contains(":") else host
