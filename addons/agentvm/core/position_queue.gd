@tool
extends RefCounted
## Positions on their way out, the latest of each agent alone. Characters that walk queue one each frame.

const Failures = preload("failures.gd")
const PositionBatch = preload("position_batch.gd")
const Wire = preload("wire.gd")

## Agents whose position may wait.
const AGENTS_MAX: int = 10_000
## Agents in one message.
const BATCH_MAX: int = 1_000
## The usual update as JSON. Put together as text, it takes a fifth of the time of a dictionary that is encoded.
const USUAL: String = "{\"agent_id\":%s,\"position\":{\"x\":%s,\"y\":%s,\"z\":%s},\"sequence\":%d}"

## A position cannot be sent.
signal refused(agent_id: String, error: AgentVMError)

## Milliseconds between one sending and the next.
var interval_ms: int = 100

var _positions: Dictionary[String, Variant] = {}
# Of those agents alone that were given one.
var _scene_ids: Dictionary[String, String] = {}
var _next_at: int = 0


## Takes where an agent is. Past the bound, other agents are left out.
func put(agent_id: String, position: Variant, scene_id: String) -> void:
	if _positions.size() >= AGENTS_MAX and not _positions.has(agent_id):
		refused.emit(agent_id, Failures.too_many_positions(AGENTS_MAX))
		return
	_positions[agent_id] = position
	if not scene_id.is_empty():
		_scene_ids[agent_id] = scene_id
	elif not _scene_ids.is_empty():
		_scene_ids.erase(agent_id)


## Takes positions once more that did not get there, but of agents that have moved on since.
func put_back(batch: PositionBatch) -> void:
	var none: String = ""
	for agent_id: String in batch.positions:
		if not _positions.has(agent_id) and _positions.size() < AGENTS_MAX:
			put(agent_id, batch.positions[agent_id], batch.scene_ids.get(agent_id, none))


## Whether it is time to send.
func is_due() -> bool:
	return not _positions.is_empty() and Time.get_ticks_msec() >= _next_at


## Takes out all that waits, in as many messages as it takes. What cannot be sent is left out, and told. Each agent is in
## it once, so that one [param sequence] does for all.
func take(sequence: int) -> Array[PositionBatch]:
	_next_at = Time.get_ticks_msec() + interval_ms
	var batches: Array[PositionBatch] = []
	for batch: PositionBatch in _split():
		for agent_id: String in batch.positions.keys():
			var update: String = _encode(agent_id, batch, sequence)
			if update.is_empty():
				batch.positions.erase(agent_id)
				refused.emit(agent_id, Failures.no_position())
			else:
				batch.updates.append(update)
		if not batch.updates.is_empty():
			batches.append(batch)
	return batches


## Forgets all that waits.
func clear() -> void:
	_positions = {}
	_scene_ids = {}


func _split() -> Array[PositionBatch]:
	var batches: Array[PositionBatch] = [PositionBatch.new()]
	batches[0].positions = _positions
	batches[0].scene_ids = _scene_ids
	# New ones, since the old are in the batch, and whoever is told of a refusal may queue the next position.
	clear()
	var rest: Array[String] = batches[0].positions.keys().slice(BATCH_MAX)
	for from: int in range(0, rest.size(), BATCH_MAX):
		var batch: PositionBatch = PositionBatch.new()
		batch.scene_ids = batches[0].scene_ids
		for agent_id: String in rest.slice(from, from + BATCH_MAX):
			batch.positions[agent_id] = batches[0].positions[agent_id]
			batches[0].positions.erase(agent_id)
		batches.append(batch)
	return batches


func _encode(agent_id: String, batch: PositionBatch, sequence: int) -> String:
	var position: Variant = batch.positions[agent_id]
	if position is Vector3 and not batch.scene_ids.has(agent_id):
		var at: Vector3 = position
		if not at.is_finite():
			return ""
		return USUAL % [Wire.quote(agent_id), var_to_str(at.x), var_to_str(at.y), var_to_str(at.z), sequence]
	var update: Dictionary = {"agent_id": agent_id, "position": Wire.to_position(position), "sequence": sequence}
	if batch.scene_ids.has(agent_id):
		update["scene_id"] = batch.scene_ids[agent_id]
	var problems: PackedStringArray = []
	var encoded: String = Wire.encode(update, problems)
	return encoded if problems.is_empty() else ""
