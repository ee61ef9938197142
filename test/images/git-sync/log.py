"""git-sync's log: one JSON object a line on standard error, facts after the message, errors without a level."""

import json
import os
import sys
from datetime import datetime, timezone


class Log:
    def info(self, message, **facts):
        write({"level": 0, "msg": message, **facts})

    def error(self, error, message, **facts):
        write({"msg": message, "error": str(error), **facts})


def write(entry):
    frame = sys._getframe(2)
    caller = {"file": os.path.basename(frame.f_code.co_filename), "line": frame.f_lineno}
    now = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M:%S.%f")
    line = {"logger": "", "ts": now, "caller": caller, **entry}
    print(json.dumps(line, ensure_ascii=False, separators=(",", ":")), file=sys.stderr, flush=True)
