module restore-drill/tools

go 1.26.0

require github.com/rclone/rclone v1.75.1
