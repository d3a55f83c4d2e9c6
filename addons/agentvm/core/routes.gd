@tool
extends RefCounted
## The REST calls of the wire contract that the addon makes: method and path by name.
##
## A test holds this table to the contract's own.

const TABLE: Dictionary[String, Array] = {
	"health": ["GET", "/health"],
	"systemStatus": ["GET", "/system/status"],
	"agentTypes": ["GET", "/agents/types"],
	"agentList": ["GET", "/agents"],
	"agentCreate": ["POST", "/agents/create"],
	"agentMoveMany": ["PUT", "/agents/positions"],
	"agentGet": ["GET", "/agents/{agent_id}"],
	"agentMove": ["PUT", "/agents/{agent_id}/position"],
	"agentRemove": ["DELETE", "/agents/{agent_id}"],
	"taskAssign": ["POST", "/tasks/assign"],
	"teamAssign": ["POST", "/tasks/assign/collaborative"],
	"taskList": ["GET", "/tasks"],
	"taskGet": ["GET", "/tasks/{task_id}/status"],
	"taskOutput": ["GET", "/tasks/{task_id}/output"],
	"taskCancel": ["POST", "/tasks/{task_id}/cancel"],
	"taskAnswer": ["POST", "/tasks/{task_id}/answer"],
	"taskDiff": ["GET", "/tasks/{task_id}/diff"],
	"taskReview": ["POST", "/tasks/{task_id}/review"],
	"gameConnect": ["POST", "/game/connect"],
	"gameHeartbeat": ["POST", "/game/heartbeat"],
	"gameDisconnect": ["POST", "/game/disconnect"],
	"sceneUpdate": ["PUT", "/game/scene/{scene_id}"],
	"gameAgents": ["GET", "/game/agents/{game_id}"],
}


## The HTTP method of a call.
static func method_of(route: String) -> String:
	return TABLE[route][0]


## The path of a call, with its parameters in braces.
static func path_of(route: String) -> String:
	return TABLE[route][1]


## The path and query of a call, its parameters filled in.
static func target_of(route: String, params: Dictionary, query: Dictionary) -> String:
	var path: String = TABLE[route][1]
	for key: String in params:
		path = path.replace("{%s}" % key, str(params[key]).uri_encode())
	var pairs: PackedStringArray = []
	for key: String in query:
		pairs.append("%s=%s" % [key.uri_encode(), str(query[key]).uri_encode()])
	return path if pairs.is_empty() else "%s?%s" % [path, "&".join(pairs)]
