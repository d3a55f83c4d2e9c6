@tool
extends RefCounted
## What a manager needs of a way to the server. There are two: native sockets, and the web export's page.

const Request = preload("request.gd")

## An event of the stream came, as the wire has it.
@warning_ignore("unused_signal")
signal event_received(event: Dictionary)
## Events were lost for good; the game's agents are as [param agents] says now.
@warning_ignore("unused_signal")
signal events_lost(agents: Array[Dictionary])
## The stream changed: [code]connected[/code], [code]reconnecting[/code] or [code]stopped[/code].
## [param reason] says why in the last case, null otherwise.
@warning_ignore("unused_signal")
signal state_changed(state: String, reason: AgentVMError)

## The game that the session belongs to; empty before there is one.
var game_id: String = ""
## The limits that the server told at connect.
var limits: Dictionary = {}
## Name, version and features of the server.
var server: Dictionary = {}


## Opens a session and the event stream, then ends [param request] with the answer of game/connect.
## [param options] are [code]endpoint, api_key, environment, timeout_ms, update_frequency, client_id[/code] and
## [code]game[/code], the body of game/connect.
func open(request: Request, _options: Dictionary) -> void:
	request.fail(null)


## Sends a call; its answer ends it.
func submit(request: Request) -> void:
	request.fail(null)


## Sends moves, each of them JSON and no more than one message holds. What came to nothing is [code]failed[/code] and
## [code]outdated[/code] of the answer, which ends [param request]; the error [code]network_error[/code] says that they did
## not get there.
func send_positions(request: Request, _updates: PackedStringArray) -> void:
	request.fail(null)


## Moves everything on. Called once a frame.
func poll() -> void:
	pass


## The game was asleep and is awake again.
func wake() -> void:
	pass


## Tells the server that the game is left, at once: an engine that quits draws no more frames.
func farewell() -> void:
	pass


## Ends every call with [param reason] and lets everything go.
func close(_reason: AgentVMError) -> void:
	pass
