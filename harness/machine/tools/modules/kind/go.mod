module restore-drill/tools

go 1.21

require sigs.k8s.io/kind v0.33.0
