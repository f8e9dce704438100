import TraplineCommands

@main
struct Main {
    static func main() {
        runTrapline()
    }
}
