@tool
extends RefCounted
## Sends where agents are, and hears what came of it: what was lost on the way goes out again, and an agent whose positions
## are refused is told once, and not again before one of its positions was taken.

const Failures = preload("failures.gd")
const PositionBatch = preload("position_batch.gd")
const PositionQueue = preload("position_queue.gd")
const Request = preload("request.gd")
const Wire = preload("wire.gd")

## Messages whose outcome may be waited for at the same time. Past it the next ones wait in the queue.
const BATCHES_MAX: int = 64

## An agent's position came to nothing.
signal refused(agent_id: String, error: AgentVMError)

## Positions that wait to be sent.
var queue: PositionQueue = PositionQueue.new()

var _batches: Dictionary[int, PositionBatch] = {}
# Agents whose last position came to nothing, and the code of why.
var _told: Dictionary[String, String] = {}


func _init() -> void:
	queue.refused.connect(_refuse)


## Whether it is time to send.
func is_due() -> bool:
	return _batches.size() < BATCHES_MAX and queue.is_due()


## Waits for what comes of [param batch], which is the answer to [param request].
func expect(request: Request, batch: PositionBatch) -> void:
	_batches[request.id] = batch
	request.finished.connect(_settle.bind(request, batch), CONNECT_ONE_SHOT)


## Forgets all that waits, either way.
func clear() -> void:
	queue.clear()
	# New ones: whoever goes through the old ones sees that they are these no more.
	_batches = {}
	_told = {}


func _settle(request: Request, batch: PositionBatch) -> void:
	if not _batches.erase(request.id):
		return
	if request.error == null:
		_settle_answer(request.fields(), batch)
	elif request.error.code == "network_error":
		queue.put_back(batch)
	else:
		var told: Dictionary[String, String] = _told
		for agent_id: String in batch.positions:
			if is_same(told, _told):
				_refuse(agent_id, Failures.again(request.error))


func _settle_answer(answer: Dictionary, batch: PositionBatch) -> void:
	var failed: Array[Dictionary] = Wire.objects(answer.get("failed"))
	var outdated: Array[Dictionary] = Wire.objects(answer.get("outdated"))
	if _told.is_empty() and failed.is_empty() and outdated.is_empty():
		return
	var refusals: Dictionary[String, Dictionary] = {}
	for entry: Dictionary in outdated:
		refusals[Wire.text(entry.get("agent_id"))] = {"code": "outdated"}
	for entry: Dictionary in failed:
		refusals[Wire.text(entry.get("agent_id"))] = entry
	var told: Dictionary[String, String] = _told
	for agent_id: String in batch.positions:
		if not is_same(told, _told):
			return
		if not refusals.has(agent_id):
			_told.erase(agent_id)
		elif _told.get(agent_id, "") != refusals[agent_id].get("code"):
			_refuse(agent_id, Failures.of_move(agent_id, refusals[agent_id]))


func _refuse(agent_id: String, error: AgentVMError) -> void:
	if _told.get(agent_id, "") == error.code:
		return
	if _told.size() >= PositionQueue.AGENTS_MAX and not _told.has(agent_id):
		var oldest: String = _told.keys()[0]
		_told.erase(oldest)
	_told[agent_id] = error.code
	refused.emit(agent_id, error)
