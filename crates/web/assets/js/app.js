// What makes the pages live. Every page works without it: scripts only spare waiting.
import * as Turbo from "@hotwired/turbo"
import { Application } from "@hotwired/stimulus"
import { keepDrafts } from "./drafts.js"
import { watch } from "./live.js"
import { keepPages } from "./refusals.js"
import { awaitAnswers, beginAtToday, keepOpen, leaveAlone, leavePictures, showWhereOneIs, tellWorkspace } from "./visits.js"
import BoardController from "./controllers/board.js"
import CopyController from "./controllers/copy.js"
import GanttController from "./controllers/gantt.js"
import PaletteController from "./controllers/palette.js"
import ToastController from "./controllers/toast.js"
import UploadController from "./controllers/upload.js"

Turbo.config.drive.progressBarDelay = 100
leaveAlone(document)
leavePictures(document)
keepOpen(document)
tellWorkspace(document)
showWhereOneIs(document)
awaitAnswers(document)
beginAtToday(document)
keepDrafts(document)
keepPages(document)

const application = Application.start()
application.register("board", BoardController)
application.register("copy", CopyController)
application.register("gantt", GanttController)
application.register("palette", PaletteController)
application.register("toast", ToastController)
application.register("upload", UploadController)

watch(Turbo)
