@tool
extends RefCounted
## Keeps the promise that answers come before the events that they cause.
##
## An event waits while a call is under way that is about one of its ids, or that may be making one of
## them. Events keep their order: what comes after a waiting event waits behind it.

const Wire = preload("wire.gd")
const Request = preload("request.gd")

## Events that wait at the most; past it the first one goes out, whatever it waits for.
const HELD_MAX: int = 5_000
## Events from which on older moves of agents that have moved again since are let go.
const THIN_AT: int = 1_000
## Ids that are remembered as known.
const KNOWN_MAX: int = 4_000

## An event may be told now.
signal released(event: Dictionary)

var _open: Dictionary[int, Request] = {}
var _held: Array[Dictionary] = []
var _known: Dictionary[String, bool] = {}
var _releasing: bool = false
var _thin_at: int = THIN_AT


## A call is about to be sent.
func begin(request: Request) -> void:
	if request.creates or request.holds_all or not request.subjects.is_empty():
		_open[request.id] = request


## A call has returned to its caller.
func end(request: Request) -> void:
	var answer: Dictionary = request.fields()
	for field: String in ["agent_id", "task_id", "team_id"]:
		if answer.get(field) is String:
			_know(answer[field])
	for field: String in ["agent_ids", "task_ids"]:
		for id: String in Wire.texts(answer.get(field)):
			_know(id)
	if _open.erase(request.id):
		release()


## An event came.
func push(event: Dictionary) -> void:
	if _open.is_empty() and _held.is_empty() and not _releasing:
		# Nothing waits, as is usual: the event goes out at once.
		_releasing = true
		_know_all_of(event)
		released.emit(event)
		_releasing = false
		# What has come meanwhile.
		release()
		return
	_held.append({"event": event, "waits": _calls_before(event)})
	if _held.size() >= _thin_at:
		_thin()
	release()


## Tells every event that waits for nothing any more.
func release() -> void:
	if _releasing:
		return
	_releasing = true
	while not _held.is_empty():
		var first: Dictionary = _held[0]
		if _held.size() <= HELD_MAX and _still_waits(first):
			break
		_held.pop_front()
		var event: Dictionary = first["event"]
		_know_all_of(event)
		released.emit(event)
	if _held.is_empty():
		_thin_at = THIN_AT
	_releasing = false


## Forgets all that waits.
func clear() -> void:
	_open.clear()
	_held.clear()
	_known.clear()


## Lets go of moves that newer ones of the same agents have overtaken: however many agents move, a call that takes long keeps its promise.
func _thin() -> void:
	var kept: Array[Dictionary] = []
	var moved: Dictionary[String, bool] = {}
	for index: int in range(_held.size() - 1, -1, -1):
		var event: Dictionary = _held[index]["event"]
		if event.get("type") == "agent.moved":
			var agent_id: String = Wire.text(Wire.object(event.get("data")).get("agent_id"))
			if moved.has(agent_id):
				continue
			moved[agent_id] = true
		kept.append(_held[index])
	kept.reverse()
	_held = kept
	_thin_at = maxi(THIN_AT, 2 * kept.size())


func _calls_before(event: Dictionary) -> PackedInt64Array:
	var waits: PackedInt64Array = []
	if _open.is_empty():
		return waits
	var ids: PackedStringArray = _ids_of(event)
	for serial: int in _open:
		if _concerns(_open[serial], ids):
			waits.append(serial)
	return waits


func _still_waits(entry: Dictionary) -> bool:
	var waits: PackedInt64Array = entry["waits"]
	if waits.is_empty():
		return false
	var ids: PackedStringArray = _ids_of(entry["event"])
	for serial: int in waits:
		# An id that another answer has named since is not what this call is making: looked at again.
		if _open.has(serial) and _concerns(_open[serial], ids):
			return true
	return false


func _concerns(request: Request, ids: PackedStringArray) -> bool:
	if request.holds_all:
		return true
	for id: String in ids:
		if request.subjects.has(id) or (request.creates and not _known.has(id)):
			return true
	return false


func _ids_of(event: Dictionary) -> PackedStringArray:
	var data: Dictionary = Wire.object(event.get("data"))
	var ids: PackedStringArray = []
	for field: String in ["agent_id", "task_id", "team_id", "scene_id"]:
		_add(ids, data.get(field))
	var agent: Dictionary = Wire.object(data.get("agent"))
	_add(ids, agent.get("id"))
	var task: Dictionary = Wire.object(data.get("task"))
	for field: String in ["id", "agent_id", "team_id"]:
		_add(ids, task.get(field))
	return ids


func _know_all_of(event: Dictionary) -> void:
	if event.get("type") == "agent.moved":
		# Most events are moves of agents that are known already.
		var data: Dictionary = Wire.object(event.get("data"))
		var is_known: bool = _known.has(Wire.text(data.get("agent_id")))
		if is_known and (data.get("scene_id") == null or _known.has(Wire.text(data["scene_id"]))):
			return
	for id: String in _ids_of(event):
		_know(id)


func _add(ids: PackedStringArray, value: Variant) -> void:
	if value is String:
		ids.append(value)


func _know(id: String) -> void:
	if _known.has(id):
		return
	if _known.size() >= KNOWN_MAX:
		var oldest: String = _known.keys()[0]
		_known.erase(oldest)
	_known[id] = true
