@tool
extends RefCounted
## Which signal of a manager tells which event.

const Wire = preload("wire.gd")


## The name of the signal and what it carries; empty for an event that has no signal of its own. Moves are not among
## them: there are so many that the manager tells them itself.
static func of(type: String, data: Dictionary) -> Array:
	var task_id: String = Wire.text(data.get("task_id"))
	match type:
		"agent.created":
			return [&"agent_created", Wire.object(data.get("agent")).duplicate(true)]
		"agent.state_changed":
			var previous: String = Wire.text(data.get("previous_state"))
			return [&"agent_state_changed", Wire.text(data.get("agent_id")), Wire.text(data.get("state")), previous]
		"agent.removed":
			return [&"agent_removed", Wire.text(data.get("agent_id"))]
		"task.assigned":
			var task: Dictionary = Wire.object(data.get("task"))
			return [&"task_assigned", Wire.text(task.get("id")), Wire.text(task.get("agent_id"))]
		"task.started":
			return [&"task_started", task_id, Wire.text(data.get("prompt"))]
		"task.progress":
			return [&"task_progress", task_id, Wire.number(data.get("progress"))]
		"task.question":
			var question: Dictionary = Wire.object(data.get("question")).duplicate(true)
			return [&"question_asked", task_id, Wire.text(data.get("agent_id")), question]
		"task.answered":
			var answer: String = Wire.text(data.get("choice"))
			if answer.is_empty():
				answer = Wire.text(data.get("text"))
			return [&"question_answered", task_id, Wire.text(data.get("question_id")), answer, Wire.text(data.get("by"))]
		"task.reviewed":
			return [&"work_reviewed", task_id, Wire.object(data.get("changes")).duplicate(true)]
		"task.completed":
			return [&"task_completed", task_id, Wire.text(Wire.object(data.get("result")).get("output"))]
		"task.failed":
			return [&"task_failed", task_id, Wire.text(Wire.object(data.get("error")).get("message"))]
		"task.cancelled":
			return [&"task_cancelled", task_id, Wire.text(data.get("reason"))]
		"team.completed":
			var team_id: String = Wire.text(data.get("team_id"))
			var counts: Array[int] = [Wire.integer(data.get("succeeded")), Wire.integer(data.get("failed"))]
			return [&"team_completed", team_id, Wire.texts(data.get("task_ids")), counts[0], counts[1]]
		"scene.updated":
			return [&"scene_updated", Wire.text(data.get("scene_id")), Wire.integer(data.get("revision"))]
	return []
